import { ACTIVITY_PERIODS, EXPORT_FORMATS } from "../../lib/contracts/quick.ts";
import type { Define } from "../define.ts";
import { exportTo } from "./activity_export.ts";
import { addFilters } from "./activity_filter.ts";
import { replay } from "./activity_replay.ts";
import { list, show, summary, SUMMARY_GROUPS, usage, watch } from "./activity_look.ts";

/** Defines `mcpproxy activity …`. */
export const define: Define = (command, session) => {
  addFilters(command.command("list").description("List records, newest first"))
    .option("-n, --limit <count>", "how many, 1 to 100", "50")
    .option("--offset <count>", "pass over so many of the newest")
    .option("--cursor <id>", "go on where another list has ended")
    .option("--no-icons", "no marks before the records")
    .action((options) => list(options, session));
  command.command("watch")
    .description("Follow what happens, until Ctrl-C, over restarts of the daemon too")
    .option("-t, --type <types>", "only these types, with commas between")
    .option("-s, --server <name>", "only what concerns this server")
    .action((options) => watch(options, session));
  command.command("show")
    .description("Show one record")
    .argument("<id>", "id, as the list shows it")
    .option("--include-response", "with what was sent and answered")
    .option("--no-icons", "no marks before the record")
    .action((id, options) => show(id, options, session));
  command.command("replay")
    .description("Make a call again, as it is on record or with other arguments")
    .argument("<id>", "id of the call, as the list shows it")
    .option("--args <json>", "all arguments as JSON; those on record when absent")
    .action((id, { args }) => replay(id, args, session));
  command.command("summary")
    .description("Count what happened")
    .option("-p, --period <period>", ACTIVITY_PERIODS.join(", "), "24h")
    .option("--by <group>", `only by ${SUMMARY_GROUPS.join(", ")}`)
    .action((options) => summary(options, session));
  command.command("usage")
    .description("Add up the calls of servers and tools")
    .option("--window <window>", "24h, 7d, 30d or all", "24h")
    .option("--by <group>", "server or tool", "tool")
    .option("-s, --server <name>", "only this server")
    .option("--tool <name>", "only this tool")
    .option("--top <count>", "most rows", "20")
    .option("--sort <order>", "calls, errors, error_rate, req_bytes, resp_bytes, p50 or p95", "calls")
    .action((options) => usage(options, session));
  addFilters(command.command("export").description("Write records as JSON Lines or CSV"))
    .option("--output <file>", "write to this file, which must not exist, in place of standard output")
    .option("-f, --format <format>", EXPORT_FORMATS.join(" or "), "json")
    .option("--include-bodies", "with what was sent and answered")
    .option("-n, --limit <count>", "most records, up to 50000", "10000")
    .action((options) => exportTo(options, session));
};
