import type { ScanNote } from "../runtime/mod.ts";

/** What `security.scan_settled` tells of a server whose scan has ended. */
export interface ScanSettled {
  readonly server_name: string;
  readonly status: "clean" | "warnings" | "dangerous" | "failed";
  readonly findings_summary: {
    readonly dangerous: number;
    readonly warning: number;
    readonly clean: number;
    readonly total: number;
  };
  /** Why the server could not be asked. */
  readonly error?: string;
}

/** Sums the scans of a server up. Pure. */
export function toScanSettled(
  server: string,
  entries: readonly { readonly scan?: Pick<ScanNote, "verdict"> }[],
  error?: string,
): ScanSettled {
  const notes = entries.flatMap(({ scan }) => scan === undefined ? [] : [scan]);
  const count = (verdict: string) => notes.filter((note) => note.verdict === verdict).length;
  const [dangerous, warning] = [count("hold"), count("review")];
  const found = dangerous > 0 ? "dangerous" : warning > 0 ? "warnings" : "clean";
  return {
    server_name: server,
    status: error === undefined ? found : "failed",
    findings_summary: { dangerous, warning, clean: count("clean"), total: notes.length },
    ...(error === undefined ? {} : { error }),
  };
}
