/**
 * A real Chromium without a window, driven over the DevTools protocol: what a
 * person sees of the page, and does with mouse and keyboard.
 *
 * @module
 */

import { openDevTools, type Session } from "./devtools.ts";

/** Longest wait for something to show; a guard against a hang, not a pace. */
const GUARD_MS = 60_000;
const PLACES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
  .map((name) => `/usr/bin/${name}`);

/** Where Chromium is; `undefined` if there is none. `CHROMIUM` in the environment names another place. */
export function findChromium(): string | undefined {
  return [Deno.env.get("CHROMIUM") ?? "", ...PLACES].find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** A browser with a profile of its own, ended and forgotten when disposed. */
export interface Browser extends AsyncDisposable {
  readonly pid: number;
  /** Opens an address in a new tab. */
  open(url: string, size?: { readonly width: number; readonly height: number }): Promise<Tab>;
}

/** What a text is known by: a part of it, or a pattern. */
type Words = string | RegExp;

/** One tab. Elements are named by a CSS selector and by words of their text; each call waits for them. */
export interface Tab {
  goto(url: string): Promise<void>;
  /** Loads the page anew. */
  reload(): Promise<void>;
  /** Runs an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true in the page. */
  until(expression: string): Promise<void>;
  /** Waits until an element shows with these words, and gives its text. */
  see(selector: string, words?: Words): Promise<string>;
  /** Waits until no such element shows. */
  miss(selector: string, words?: Words): Promise<void>;
  /** Waits until an element shows, and clicks on its middle; once more if it moved away under the mouse. */
  click(selector: string, words?: Words): Promise<void>;
  /** Puts a text into a field in place of what is there. */
  fill(selector: string, text: string): Promise<void>;
  /** Presses a key, such as `Tab` or `Enter`. */
  press(key: string): Promise<void>;
  /** What went wrong so far: errors on the console, exceptions, violations of the content security policy. */
  readonly problems: readonly string[];
  /** PNG of what shows. */
  screenshot(): Promise<Uint8Array>;
  /** Lets the page see another colour scheme. */
  setScheme(scheme: "light" | "dark"): Promise<void>;
}

/** Starts a browser; it takes `names` for names of this machine, and finds no others. */
export async function openBrowser(path: string, names: readonly string[] = []): Promise<Browser> {
  const profile = await Deno.makeTempDir({ prefix: "mp-chromium-" });
  const child = new Deno.Command(path, {
    args: [
      "--headless=new",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "--no-first-run",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-extensions",
      "--disable-sync",
      "--hide-scrollbars",
      // Nothing but this machine is ever asked for.
      `--host-resolver-rules=${
        names.map((name) => `MAP ${name} 127.0.0.1 , `).join("")
      }MAP * ~NOTFOUND , EXCLUDE 127.0.0.1`,
      ...(Deno.uid() === 0 ? ["--no-sandbox"] : []),
      "about:blank",
    ],
    clearEnv: true,
    env: { HOME: profile, PATH: Deno.env.get("PATH") ?? "", LANG: "en_GB.UTF-8" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const { address, drained } = readAddress(child.stderr);
  const guard = setTimeout(() => child.kill("SIGKILL"), GUARD_MS);
  const session = await openDevTools(await address).finally(() => clearTimeout(guard));
  return {
    pid: child.pid,
    open: (url, size = { width: 1200, height: 900 }) => openTab(session, url, size),
    async [Symbol.asyncDispose]() {
      const end = setTimeout(() => child.kill("SIGKILL"), GUARD_MS);
      await session.send("Browser.close").catch(() => child.kill("SIGTERM"));
      await session.close();
      await Promise.all([child.status, drained]);
      clearTimeout(end);
      await removeProfile(profile);
    },
  };
}

function readAddress(stream: Deno.ChildProcess["stderr"]) {
  const address = Promise.withResolvers<string>();
  async function drain(): Promise<void> {
    let text = "";
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text += part;
      const found = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (found !== undefined) address.resolve(found);
    }
    address.reject(new Error(`Cannot start Chromium: it has ended\n${text}`));
  }
  return { address: address.promise, drained: drain() };
}

/** Processes of the browser that end after it may still write into its profile. */
async function removeProfile(path: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      return await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
    }
  }
  await Deno.remove(path, { recursive: true });
}

async function openTab(
  browser: Session,
  url: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Tab> {
  const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const tab = browser.of(String(sessionId));
  const problems: string[] = [];
  tab.on(
    "Runtime.exceptionThrown",
    ({ exceptionDetails }) => problems.push(`exception: ${toText(exceptionDetails)}`),
  );
  tab.on("Log.entryAdded", ({ entry }) => {
    if (Reflect.get(Object(entry), "level") === "error") problems.push(`log: ${toText(entry)}`);
  });
  tab.on("Runtime.consoleAPICalled", ({ type, args }) => {
    if (type === "error" || type === "warning") problems.push(`console: ${toText(args)}`);
  });
  for (const domain of ["Page", "Runtime", "Log"]) await tab.send(`${domain}.enable`);
  await tab.send("Page.addScriptToEvaluateOnNewDocument", { source: IN_PAGE });
  await tab.send("Emulation.setDeviceMetricsOverride", {
    width,
    height,
    deviceScaleFactor: 1,
    mobile: width < 600,
  });

  async function evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await tab.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(`In the page: ${toText(exceptionDetails)}\n${expression}`);
    }
    return Reflect.get(Object(result), "value") as T; // what the test says the expression gives
  }

  const wait = <T>(expression: string) =>
    evaluate<T>(`mp.wait(() => ${expression}, ${GUARD_MS}, ${quote(expression)})`);
  const named = (selector: string, words: Words) =>
    `${quote(selector)}, ${typeof words === "string" ? quote(words) : String(words)}`;

  const self: Tab = {
    problems,
    evaluate,
    async goto(next) {
      const loaded = tab.once("Page.loadEventFired");
      const { loaderId } = await tab.send("Page.navigate", { url: next });
      // To another place of the same document nothing is loaded.
      if (loaderId !== undefined) await loaded;
    },
    async reload() {
      const loaded = tab.once("Page.loadEventFired");
      await tab.send("Page.reload");
      await loaded;
    },
    until: (expression) => wait<void>(expression),
    see: (selector, words = "") => wait<string>(`mp.find(${named(selector, words)})?.innerText`),
    async miss(selector, words = "") {
      await wait(`mp.find(${named(selector, words)}) === undefined`);
    },
    async click(selector, words = "") {
      const started = await evaluate<number>(`mp.expectClick(${quote(selector)})`);
      for (let clicks = started; clicks === started; clicks = await evaluate<number>("mp.clicks")) {
        const { x, y } = await wait<{ x: number; y: number }>(`mp.middle(${named(selector, words)})`);
        for (const type of ["mousePressed", "mouseReleased"]) {
          await tab.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
        }
      }
    },
    async fill(selector, text) {
      await wait(`mp.select(${quote(selector)})`);
      await tab.send("Input.insertText", { text });
    },
    async press(key) {
      const { code, text } = KEYS[key] ?? { code: 0 };
      const about = { key, code: key, windowsVirtualKeyCode: code };
      await tab.send("Input.dispatchKeyEvent", { type: "keyDown", text, ...about });
      await tab.send("Input.dispatchKeyEvent", { type: "keyUp", ...about });
    },
    async screenshot() {
      const { data } = await tab.send("Page.captureScreenshot", { format: "png" });
      return Uint8Array.fromBase64(String(data));
    },
    async setScheme(value) {
      const features = [{ name: "prefers-color-scheme", value }];
      await tab.send("Emulation.setEmulatedMedia", { features });
    },
  };
  await self.goto(url);
  return self;
}

const KEYS: Readonly<Record<string, { readonly code: number; readonly text?: string }>> = {
  Tab: { code: 9 },
  Enter: { code: 13, text: "\r" },
  Escape: { code: 27 },
  " ": { code: 32, text: " " },
};

function quote(text: string): string {
  return JSON.stringify(text);
}

function toText(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 1_000) ?? "";
}

/** What runs in the page for the test. */
const IN_PAGE = `
addEventListener("securitypolicyviolation", (event) =>
  console.error("content security policy", event.violatedDirective, event.blockedURI));
addEventListener("click", (event) => {
  if (event.target.closest(mp.expected || "*") !== null) mp.clicks++;
}, { capture: true });
globalThis.mp = {
  find(selector, words) {
    const says = (text) => typeof words === "string" ? text.includes(words) : words.test(text);
    const shows = (one) => one.checkVisibility() && says(one.innerText ?? "");
    return [...document.querySelectorAll(selector)].find(shows);
  },
  clicks: 0,
  expected: "",
  expectClick(selector) {
    mp.expected = selector;
    return mp.clicks;
  },
  middle(selector, words) {
    const found = mp.find(selector, words);
    if (found === undefined || found.disabled) return undefined;
    found.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, top, width, height } = found.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const hit = document.elementFromPoint(x, y);
    return hit !== null && found.contains(hit) ? { x, y } : undefined;
  },
  select(selector) {
    const found = mp.find(selector, "");
    if (found === undefined) return false;
    found.focus();
    found.select();
    return true;
  },
  wait(look, guardMs, what) {
    return new Promise((resolve, reject) => {
      const end = (settle) => { clearTimeout(guard); clearInterval(again); observer.disconnect(); settle(); };
      const check = () => {
        const found = look();
        if (found !== undefined && found !== false && found !== null) end(() => resolve(found));
      };
      const guard = setTimeout(() => end(() => reject(new Error(
        "It has not come to be that " + what + " in\\n" + document.body.innerText))), guardMs);
      // Most of what is waited for is a change of the document; what is not (a scroll, a value) is looked for.
      const again = setInterval(check, 50);
      const observer = new MutationObserver(check);
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      check();
    });
  },
};
`;
