/**
 * Options that people and scripts give to commands, as users of mcpproxy-go
 * know them; `surfaces_test.ts` holds the command line against it.
 *
 * @module
 */

import type { LeftOut } from "../../lib/contracts/quick.ts";

/** Options by command, long names and short ones. */
export const KNOWN_FLAGS: Readonly<Record<string, string>> = {
  "": "-c --config -d --data-dir --log-level -o --output --json --help-json -v --version",
  "serve": "-l --listen --tray-endpoint --enable-socket --debug-search --tool-response-limit " +
    "--tool-response-mode --require-mcp-auth --read-only --disable-management --allow-server-add " +
    "--allow-server-remove --enable-prompts --aggregate-upstream-prompts --log-to-file --log-dir",
  "upstream logs": "-n --tail -f --follow -s --server",
  "upstream enable": "-s --server --all --force",
  "upstream disable": "-s --server --all --force",
  "upstream restart": "-s --server --all",
  "upstream add": "--header --env --working-dir --transport --if-not-exists --no-quarantine --trust-mode",
  "upstream remove": "--yes -y --if-exists",
  "upstream patch": "--header --header-remove --env --env-remove --init-timeout",
  "upstream inspect": "--tool",
  "upstream import": "-s --server --format --dry-run --no-quarantine",
  "tools list": "-s --server -t --timeout --trace-transport --status --risk --approval",
  "tools approve": "-s --server --all",
  "tools reject": "-s --server --all",
  "tools preflight": "--profile --pin --read-only-only --exclude-destructive --exclude-open-world --wait",
  "call tool-read": "-t --tool-name -j --json_args --reason --sensitivity --timeout",
  "call tool-write": "-t --tool-name -j --json_args --reason --sensitivity --timeout",
  "call tool-destructive": "-t --tool-name -j --json_args --reason --sensitivity --timeout",
  "activity list": "-t --type -s --server --tool --status --session --start-time --end-time -n --limit " +
    "--offset --intent-type --request-id --parent-id --no-icons --sensitive-data --detection-type --severity " +
    "--agent --auth-type",
  "activity watch": "-t --type -s --server",
  "activity show": "--include-response --no-icons",
  "activity summary": "-p --period --by",
  "activity export": "--output -f --format --include-bodies -t --type -s --server --status",
  "doctor": "--server",
  "doctor fix": "--server --fixer-key --execute",
  "status": "--show-key --web-url --reset-key",
  "secrets set": "--type --from-env --from-stdin",
  "secrets get": "--masked",
  "secrets list": "--all",
  "secrets migrate": "--dry-run --auto-approve --from --to",
  "token create": "--name --servers --permissions --expires --profile-pin",
  "registry search": "-r -t -l",
  "registry add": "--name --env --enabled",
  "registry add-source": "--protocol --id --name",
  "registry edit": "--name --url --servers-url",
  "connect": "--list --all --force --name",
  "disconnect": "--name",
  "security scan": "--all --async --dry-run --scanners",
  "security approve": "--force",
};

const NO_JOBS =
  "scanning is built in, takes moments and changes nothing, so that there are no jobs to manage";

/** Options that are left out on purpose, as `command option`. */
export const LEFT_OUT_FLAGS: LeftOut = [
  [/^tools list (?:-t|--timeout|--trace-transport)$/, "the list is the daemon's own and is there at once"],
  [/^secrets set --type$/, "there is one store, and the environment is not the gateway's to set"],
  [
    /^secrets migrate (?:--auto-approve|--from|--to)$/,
    "--apply moves what was shown, from and to the only places",
  ],
  [/^registry add --enabled$/, "enabled is what it is unless --disabled is given"],
  [/^registry edit --url$/, "--servers-url is the one address there is"],
  [/^security scan (?:--async|--dry-run|--scanners)$/, NO_JOBS],
];
