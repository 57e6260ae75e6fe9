import type { Define } from "../define.ts";
import { diff, path, schema, show, validate } from "./config_look.ts";
import { edit } from "./config_edit.ts";
import { importOld } from "./config_import.ts";

const CANDIDATE = "config to look at in place of the file in use; - reads standard input";

/** Defines `mcpproxy config …`. */
export const define: Define = (command, session) => {
  command.command("show")
    .description("Show the config, secrets masked")
    .option("--effective", "with every default, the environment and the command line")
    .action((options) => show(options.effective === true, session));

  command.command("path").description("Print the path of the config file").action(() => path(session));

  command.command("validate")
    .description("Check the config file, or another one, and say all that is wrong; exit code 4 if it is")
    .argument("[file]", CANDIDATE)
    .action((file) => validate(file, session));

  command.command("diff")
    .description("Say what the file as it is now, or another one, would do to the running daemon")
    .argument("[file]", CANDIDATE)
    .option("--exit-code", "end with 1 if it would do anything")
    .action((file, options) => diff(file, options.exitCode === true, session));

  command.command("edit")
    .description("Edit the config file with $VISUAL or $EDITOR; it is checked before it is saved")
    .action(() => edit(session));

  command.command("schema")
    .description("Print the JSON Schema of the config file, for editors")
    .action(() => schema(session));

  command.command("import")
    .description("Take over the config of mcpproxy-go; the old file stays as it is")
    .argument("[file]", "config to take over; mcp_config.json beside the config file when absent")
    .option("--force", "replace a config that has settings of its own; a copy of it is kept")
    .action((file, options) => importOld(file, options.force === true, session));
};
