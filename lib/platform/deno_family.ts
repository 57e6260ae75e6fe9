import process from "node:process";
import { type FamilyOptions, MARK_VARIABLE, type ProcessFamily } from "./processes.ts";
import { parseStat } from "./process_table.ts";

const IS_LINUX = Deno.build.os === "linux";
/** Many families that end together look at the same list. */
const LIST_FOR_MS = 50;
/** Parent of the threads of the kernel. */
const KERNEL_PARENT = 2;
/** Looks at an environment that is empty; becoming another program takes less than these. */
const MOST_LOOKS = 20;

/** {@link ProcessFamily} over the process table of the system, or its groups alone. */
export function openFamily({ leader, mark }: FamilyOptions): ProcessFamily {
  const openedAt = performance.now();
  const belongs = (entry: Listed) =>
    (leader !== undefined && entry.group === leader) || (mark !== undefined && hasMark(entry, mark));
  let known: readonly Listed[] = [];
  let isOver = false;

  function isAnyLeft(): boolean {
    if (!IS_LINUX) return leader !== undefined && isAlive(-leader);
    if (known.some(lives)) return true;
    known = listSince(openedAt).filter(belongs);
    if (known.length === 0 || known.some(lives)) return known.length > 0;
    // All of them have ended since the list was made, but may have started others before.
    known = listNow().filter(belongs);
    return known.length > 0;
  }

  return {
    isGroupAlive() {
      // Once it is gone its ids may be given to others.
      isOver ||= !isAnyLeft();
      return !isOver;
    },
    signalGroup(signal) {
      if (isOver) return false;
      // The group first: whoever leaves it after the list was made would be missed by both.
      const isToldGroup = leader !== undefined && tellGroup(leader, signal);
      const others = IS_LINUX && mark !== undefined
        ? listNow().filter((entry) => entry.group !== leader && belongs(entry))
        : [];
      const told = others.map(({ pid }) => tell(pid, signal));
      return isToldGroup || told.includes(true);
    },
  };
}

/** Tells whether a process exists. A negative id asks for a whole group. */
export function isAlive(pid: number): boolean {
  try {
    // Signal 0 only asks; Deno.kill() does not accept it, node:process does.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function tellGroup(leader: number, signal: Deno.Signal): boolean {
  // Windows has no groups; there only the leader can be ended.
  return tell(Deno.build.os === "windows" ? leader : -leader, signal);
}

/** `false` if there is no such process, or it has taken rights that keep it from being signalled. */
function tell(pid: number, signal: Deno.Signal): boolean {
  try {
    Deno.kill(pid, signal);
    return true;
  } catch (error) {
    const isNobody = error instanceof Deno.errors.NotFound || error instanceof TypeError;
    if (isNobody || error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}

/** A living process as far as families are concerned. */
interface Listed {
  readonly pid: number;
  readonly group: number;
  readonly startTicks: string | undefined;
  readonly mark: string | undefined;
}

let latest: { readonly at: number; readonly entries: readonly Listed[] } | undefined;

/**
 * A list that is not older than the family. One that shows none of it proves
 * that none will come: nobody but the family itself can start one.
 */
function listSince(openedAt: number): readonly Listed[] {
  const oldest = Math.max(openedAt, performance.now() - LIST_FOR_MS);
  return latest !== undefined && latest.at > oldest ? latest.entries : listNow();
}

/**
 * A dead process counts as part of its group until its parent takes notice,
 * which for an orphan in a container may be never. So only those that live count.
 */
function listNow(): readonly Listed[] {
  const at = performance.now();
  const entries = [...Deno.readDirSync("/proc")].flatMap(({ name }) => {
    const pid = Number(name);
    const row = Number.isInteger(pid) ? readRow(pid) : undefined;
    return row?.lives === true ? [{ ...row, mark: readMark(row) }] : [];
  });
  latest = { at, entries };
  return entries;
}

/** Reads a row of the table; `undefined` if the process has ended. */
export function readRow(pid: number) {
  const text = tryRead(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

function lives({ pid, startTicks }: Listed): boolean {
  const row = readRow(pid);
  return row?.lives === true && row.startTicks === startTicks;
}

function readMark({ pid, parent }: { readonly pid: number; readonly parent: number }): string | undefined {
  const start = `${MARK_VARIABLE}=`;
  let environment = tryRead(`/proc/${pid}/environ`);
  // While a process becomes another program it shows none for a moment; threads of the kernel never do.
  for (let again = 0; environment === "" && parent > KERNEL_PARENT && again < MOST_LOOKS; again++) {
    environment = tryRead(`/proc/${pid}/environ`);
  }
  return environment?.split("\0").find((entry) => entry.startsWith(start))?.slice(start.length);
}

function hasMark({ mark = "" }: Listed, wanted: string): boolean {
  return mark === wanted || mark.startsWith(`${wanted}/`);
}

function tryRead(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined; // it has ended meanwhile, or belongs to somebody else
  }
}
