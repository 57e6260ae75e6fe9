import type { Define } from "../define.ts";
import { collect } from "../pairs.ts";
import { eitherName } from "../usage.ts";
import { watch } from "../watch.ts";
import { add, addJson } from "./upstream_add.ts";
import { importServers } from "./upstream_import.ts";
import { inspect } from "./inspect.ts";
import { decide } from "./tools_review.ts";
import { approve, get, list, logs, patch, remove } from "./upstream_one.ts";
import { discover, quarantine, reconnect } from "./upstream_more.ts";
import { defineTools } from "./upstream_tools.ts";
import { control, type ControlVerb } from "./upstream_control.ts";

const NAME = "name of the server";
const HEADER = 'HTTP header as "Name: value"; may be repeated';
const ENV = "environment variable as KEY=value; may be repeated";
const NOTHING: string[] = [];

const ADD_EXAMPLES = `
Examples:
  mcpproxy upstream add files -- npx -y @modelcontextprotocol/server-filesystem .
  mcpproxy upstream add docs https://example.com/mcp --header 'Authorization: Bearer \${keyring:docs}'
`;

/** Defines `mcpproxy upstream …`. */
export const define: Define = (command, session) => {
  command.command("list").description("List all servers")
    .option("-w, --watch", "show them anew whenever one changes, until Ctrl-C")
    .action(({ watch: isWatched }) =>
      isWatched === true
        ? watch({ show: () => list(session), types: ["servers", "config"] }, session)
        : list(session)
    );

  command.command("get")
    .description("Show one server, its process and what is wrong with it")
    .argument("<name>", NAME)
    .action((name) => get(name, session));

  command.command("add")
    .description("Add a server; a new one is held in quarantine unless said otherwise")
    .usage("<name> [url] [options] [-- command args...]")
    .argument("<name>", NAME)
    .argument("[url]", "URL of an HTTP server")
    .argument("[command...]", "program of a stdio server, after --")
    .option("--header <header>", HEADER, collect, NOTHING)
    .option("--env <pair>", ENV, collect, NOTHING)
    .option("--working-dir <path>", "directory the program starts in")
    .option("--transport <name>", "http, streamable-http, sse or stdio; found out when absent")
    .option("--trust-mode <mode>", "auto, scan or manual")
    .option("--if-not-exists", "do nothing if the name is taken")
    .option("--no-quarantine", "let the server in at once")
    .addHelpText("after", ADD_EXAMPLES)
    .action((_name, _url, _command, options, own) => add(own.args, options, session));

  command.command("add-json")
    .description("Add a server from a JSON object, as in the config")
    .argument("<name>", NAME)
    .argument("<json>", "server entry")
    .action((name, json) => addJson(name, json, session));

  command.command("import")
    .description(
      "Take servers over from another client's config; held in quarantine, without a path: list the files",
    )
    .argument("[source]", "file, - for standard input, or a client such as cursor")
    .option("--format <client>", "client whose file it is; found out when absent")
    .option("-s, --server <name>", "only this server; may be repeated", collect, NOTHING)
    .option("--rename <pair>", "another name, as OLD=new; may be repeated", collect, NOTHING)
    .option("--dry-run", "show what would run and change nothing")
    .option("--no-quarantine", "let the servers in at once")
    .action((source, options) => importServers(source, options, session));

  command.command("remove")
    .description("Remove a server from the config")
    .argument("<name>", NAME)
    .option("-y, --yes", "do not ask")
    .option("--if-exists", "do nothing if there is no such server")
    .action((name, options) => remove(name, options, session));

  for (const [verb, summary] of Object.entries(CONTROLS)) {
    command.command(verb)
      .description(summary)
      .argument("[name]", NAME)
      .option("-s, --server <name>", `${NAME}, in place of the argument`)
      .option("--all", "every server")
      .option("-y, --force", "do not ask")
      // The keys of the table are the verbs; Object.entries widens them to text.
      .action((name, options) =>
        control(
          verb as ControlVerb,
          eitherName(name, options.server, `upstream ${verb}`),
          options,
          session,
        )
      );
  }

  command.command("reconnect")
    .description("Try every server again that is not connected")
    .action(() => reconnect(session));

  command.command("discover-tools")
    .description("Ask a server for its tools again")
    .argument("<name>", NAME)
    .action((name) => discover(name, session));

  command.command("quarantine")
    .description("Hold a server in quarantine")
    .argument("<name>", NAME)
    .action((name) => quarantine(name, session));

  command.command("approve")
    .description("Let a server out of quarantine, or accept tools of it as they are now")
    .argument("<name>", NAME)
    .argument("[tools...]", "names of tools; the server itself when absent")
    .action((name, tools) =>
      tools.length === 0 ? approve(name, session) : decide("approve", tools, { server: name }, session)
    );

  command.command("inspect")
    .description("Show what a server offers, held or not, and what the scan says of it")
    .argument("<name>", NAME)
    .option("--tool <tool>", "show what has changed in this tool")
    .option("-y, --yes", "do not ask before a held server is started for it")
    .action((name, options) => inspect(name, options, session));

  defineTools(command, session);

  command.command("patch")
    .description("Change fields of a server")
    .argument("<name>", NAME)
    .option("--header <header>", HEADER, collect, NOTHING)
    .option("--header-remove <name>", "header to remove; may be repeated", collect, NOTHING)
    .option("--env <pair>", ENV, collect, NOTHING)
    .option("--env-remove <key>", "environment variable to remove; may be repeated", collect, NOTHING)
    .option("--init-timeout <duration>", "time for start and first tool list, such as 45s")
    .action((name, options) => patch(name, options, session));

  command.command("logs")
    .description("Read the log of a server")
    .argument("[name]", NAME)
    .option("-s, --server <name>", `${NAME}, in place of the argument`)
    .option("-n, --tail <count>", "number of lines", "50")
    .option("-f, --follow", "go on with new lines until Ctrl-C")
    .action((name, options) => logs(eitherName(name, options.server, "upstream logs"), options, session));
};

const CONTROLS: Readonly<Record<ControlVerb, string>> = {
  enable: "Enable a server",
  disable: "Disable a server and stop it",
  restart: "Stop a server and start it again",
};
