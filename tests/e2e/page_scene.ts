import { join } from "node:path";
import { type Browser, findChromium, openBrowser, type Tab } from "../support/browser.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { turningServerCommand, type TurningState } from "../support/fixtures/turning_server.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";

const chromium = findChromium();
const isCi = Deno.env.get("CI") === "true";
const HOW = "install Chromium (Debian: apt-get install chromium), or name one in CHROMIUM";
if (chromium === undefined) {
  console.error(`\n*** The tests of the page do not run: there is no browser; ${HOW} ***\n`);
}

interface Scene {
  readonly daemon: Daemon;
  readonly browser: Browser;
  readonly workspace: Workspace;
  /** Lets the server "calc" offer something else, and be asked for it. */
  turn(state: TurningState): Promise<void>;
  /** A link that signs a browser in. */
  link(): Promise<string>;
}

/** Runs with a daemon and a browser; where no browser is, CI fails and others are told. */
export function pageTest(name: string, body: (t: Deno.TestContext, scene: Scene) => Promise<void>): void {
  const label = chromium === undefined ? `${name} (not run: no Chromium)` : name;
  Deno.test({ name: label, ignore: chromium === undefined && !isCi }, async (t) => {
    if (chromium === undefined) throw new Error(`Cannot test the page: there is no browser; ${HOW}`);
    await using workspace = await openWorkspace();
    const file = join(workspace.directory, "state.json");
    await Deno.writeTextFile(file, JSON.stringify(HONEST));
    const calc = { name: "calc", ...turningServerCommand(file), quarantined: false };
    await workspace.write({
      listen: "127.0.0.1:0",
      mcpServers: [calc, { name: "gone", command: "no-such-program" }],
    });
    await using daemon = await startDaemon(workspace);
    await daemon.seen(/Connected \(2 tools\)/);
    await using browser = await openBrowser(chromium);
    await body(t, {
      daemon,
      browser,
      workspace,
      async turn(state) {
        await Deno.writeTextFile(file, JSON.stringify(state));
        await daemon.cli(["upstream", "inspect", "calc"]);
      },
      link: async () => (await daemon.cli(["status", "--web-url"])).stdout.trim(),
    });
  });
}

const inputSchema = { type: "object", properties: { a: { type: "number" } } };
/** A tool. */
export const add = { name: "add", description: "Adds two numbers", inputSchema };
/** A tool that only reads. */
export const mul = {
  name: "mul",
  description: "Multiplies two numbers",
  inputSchema,
  annotations: { readOnlyHint: true },
};
/** A tool that is not there at first. */
export const pow = { name: "pow", description: "Raises a number to a power", inputSchema };
/** What "calc" offers at first. */
export const HONEST: TurningState = {
  instructions: "Be kind",
  tools: [add, mul],
  prompts: [{ name: "hello", description: "Says hello" }],
};

/** What is to be judged. */
export const card = (name: string) => `.approval[data-name="${name}"]`;
/** A server in the list. */
export const row = (name: string) => `#servers li[data-server="${name}"]`;
/** Goes to a place of the page. */
export const go = (tab: Tab, daemon: Daemon, place: string) => tab.goto(`${daemon.url}/ui/#/${place}`);
