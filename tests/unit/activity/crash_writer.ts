/**
 * Records for ever and prints the number of the last record after each flush:
 *
 *   deno run -A crash_writer.ts FILE FIRST
 *
 * @module
 */

import { openActivity } from "../../../lib/activity/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { call, LIMITS } from "./fixture.ts";

const [path = "", first = "0"] = Deno.args;
const activity = openActivity({
  platform: createDenoPlatform(),
  path,
  redact: (text) => text,
  limits: () => LIMITS,
  onNotice: (text) => console.error(text),
});
for (let at = Number(first);; at++) {
  activity.record(call(String(at), { duration_ms: at % 100, arguments: { at } }));
  if (at % 97 !== 0) continue;
  await activity.flush();
  console.log(at);
}
