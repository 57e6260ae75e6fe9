/**
 * The second door of the room: what scans, with all its words. It is large, and
 * a gateway that scans in a worker needs none of it, so whoever does need it
 * loads it then.
 *
 * @module
 */

export { loadBundle } from "./scan/bundle.ts";
export { createRuleSet, type RuleSet } from "./scan/rule_set.ts";
export { scanAll, type ScanOptions, toPeer } from "./scan/scan_definition.ts";
