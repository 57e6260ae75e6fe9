import { ok } from "node:assert/strict";
import { createSubjects, fastest, fill, PUMPS } from "../../bench/security_speed.ts";

/** Below this no square hides at this length: the one that was found here took 980 ms. */
const NOISE = 150;
/** Four times the text may take four times as long; a square would take sixteen. */
const MOST = 10;

for (const [name, run] of await createSubjects()) {
  Deno.test(`the time of "${name}" grows with the text and not with its square`, () => {
    const steep = PUMPS.flatMap((pump) => {
      const long = fastest(() => run(fill(pump, 65_536)), 1);
      if (long < NOISE) return [];
      // Measured again and again only where the first look is suspicious.
      for (let attempt = 0; attempt < 5; attempt++) {
        const ratio = fastest(() => run(fill(pump, 65_536)), 2) / fastest(() => run(fill(pump, 16_384)), 3);
        if (ratio < MOST) return [];
      }
      return [JSON.stringify(pump)];
    });

    ok(steep.length === 0, steep.join(", "));
  });
}
