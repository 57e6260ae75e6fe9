/**
 * How well a search finds what people marked as right.
 *
 * @module
 */

/** A query and the tools that answer it, as `server:tool`. */
export interface MarkedQuery {
  readonly query: string;
  readonly relevant: readonly string[];
  /** Tools of one group are alternatives, which count once; each relevant tool is a group when absent. */
  readonly groups?: readonly (readonly string[])[];
  /** How right a tool is, for nDCG; 1 when absent. */
  readonly grades?: Readonly<Record<string, number>>;
}

/** Means over all queries, each from 0 to 1. */
export interface Quality {
  readonly recallAt1: number;
  readonly recallAt3: number;
  readonly recallAt5: number;
  readonly recallAt10: number;
  readonly mrr: number;
  readonly ndcg: number;
}

/** How many tools a search is asked for. */
export const DEPTH = 10;

/** Judges the lists a search gave, one for each query, best first. */
export function judge(queries: readonly MarkedQuery[], found: readonly (readonly string[])[]): Quality {
  const rows = queries.map((query, index) => judgeOne(query, (found[index] ?? []).slice(0, DEPTH)));
  return meanQuality(rows);
}

/** The mean of several, each counting the same. */
export function meanQuality(rows: readonly Quality[]): Quality {
  const mean = (of: (row: Quality) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0) / Math.max(1, rows.length);
  return {
    recallAt1: mean((row) => row.recallAt1),
    recallAt3: mean((row) => row.recallAt3),
    recallAt5: mean((row) => row.recallAt5),
    recallAt10: mean((row) => row.recallAt10),
    mrr: mean((row) => row.mrr),
    ndcg: mean((row) => row.ndcg),
  };
}

function judgeOne(query: MarkedQuery, ids: readonly string[]): Quality {
  const groups = query.groups ?? query.relevant.map((id) => [id]);
  // Where the first tool of each group stands, from 1 on.
  const ranks = groups.map((group) => 1 + ids.findIndex((id) => group.includes(id))).filter((rank) =>
    rank > 0
  );
  const recall = (k: number) => ranks.filter((rank) => rank <= k).length / Math.max(1, groups.length);
  const grade = (group: readonly string[]) => Math.max(...group.map((id) => query.grades?.[id] ?? 1));
  const ideal = groups.map(grade).sort((a, b) => b - a).slice(0, DEPTH);
  const gained = groups.flatMap((group) => {
    const at = ids.findIndex((id) => group.includes(id));
    return at < 0 ? [] : [grade(group) / Math.log2(at + 2)];
  });
  const most = ideal.reduce((sum, value, at) => sum + value / Math.log2(at + 2), 0);
  return {
    recallAt1: recall(1),
    recallAt3: recall(3),
    recallAt5: recall(5),
    recallAt10: recall(10),
    mrr: ranks.length === 0 ? 0 : 1 / Math.min(...ranks),
    ndcg: most === 0 ? 0 : gained.reduce((sum, value) => sum + value, 0) / most,
  };
}
