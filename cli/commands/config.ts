import type { Define } from "../define.ts";

const CANDIDATE = "config to look at in place of the file in use; - reads standard input";

/** What the commands do is loaded with the first that runs: it takes the schema of the config. */
const look = () => import("./config_look.ts");

/** Defines `mcpproxy config …`. */
export const define: Define = (command, session) => {
  command.command("show")
    .description("Show the config, secrets masked")
    .option("--effective", "with every default, the environment and the command line")
    .action(async (options) => (await look()).show(options.effective === true, session));

  command.command("path").description("Print the path of the config file").action(async () =>
    (await look()).path(session)
  );

  command.command("validate")
    .description("Check the config file, or another one, and say all that is wrong; exit code 4 if it is")
    .argument("[file]", CANDIDATE)
    .action(async (file) => (await look()).validate(file, session));

  command.command("diff")
    .description("Say what the file as it is now, or another one, would do to the running daemon")
    .argument("[file]", CANDIDATE)
    .option("--exit-code", "end with 1 if it would do anything")
    .action(async (file, options) => (await look()).diff(file, options.exitCode === true, session));

  command.command("edit")
    .description("Edit the config file with $VISUAL or $EDITOR; it is checked before it is saved")
    .action(async () => (await import("./config_edit.ts")).edit(session));

  command.command("schema")
    .description("Print the JSON Schema of the config file, for editors")
    .action(async () => (await look()).schema(session));

  command.command("import")
    .description("Take over the config of mcpproxy-go; the old file stays as it is")
    .argument("[file]", "config to take over; mcp_config.json beside the config file when absent")
    .option("--force", "replace a config that has settings of its own; a copy of it is kept")
    .action(async (file, options) => {
      const { importOld } = await import("./config_import.ts");
      await importOld(file, options.force === true, session);
    });
};
