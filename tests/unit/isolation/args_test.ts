import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  bubblewrapArgs,
  dockerArgs,
  type DockerRun,
  envFileText,
  imageFor,
} from "../../../lib/isolation/mod.ts";

const RUN: DockerRun = {
  name: "mcpproxy-github-1a2b3c4d",
  instance: "0123456789abcdef",
  server: "github",
  image: "node:22",
  command: "npx",
  args: ["-y", "server"],
  envFile: "/data/containers/mcpproxy-github-1a2b3c4d.env",
  user: "1000:1000",
  network: "bridge",
  memory: "512m",
  cpus: "1.0",
  pids: 256,
  extraArgs: [],
};

Deno.test("dockerArgs() confines a program in every way there is", () => {
  strictEqual(
    dockerArgs(RUN).join(" "),
    "run --rm --interactive --init --name mcpproxy-github-1a2b3c4d --label mcpproxy.managed=true " +
      "--label mcpproxy.instance=0123456789abcdef --label mcpproxy.server=github --network bridge " +
      "--cap-drop=ALL --security-opt=no-new-privileges --read-only " +
      "--tmpfs /tmp:rw,exec,nosuid,nodev,size=512m,mode=1777 --pids-limit 256 --memory 512m --cpus 1.0 " +
      "--user 1000:1000 --env-file /data/containers/mcpproxy-github-1a2b3c4d.env node:22 npx -y server",
  );
});

Deno.test("dockerArgs() gives a directory, a place to start, logs and extra arguments", () => {
  const args = dockerArgs({
    ...RUN,
    directory: "/srv/work",
    workingDir: "/srv/work",
    logDriver: "json-file",
    logMaxSize: "10m",
    logMaxFiles: "3",
    extraArgs: ["--dns", "1.1.1.1"],
  }).join(" ");

  ok(args.includes("--log-driver json-file --log-opt max-size=10m --log-opt max-file=3 --network"));
  ok(
    args.includes(
      "--mount type=bind,source=/srv/work,target=/srv/work --workdir /srv/work --dns 1.1.1.1 node:22",
    ),
  );
});

Deno.test("bubblewrapArgs() shows the system, /tmp and nothing else", () => {
  const args = bubblewrapArgs({ command: "/usr/bin/node", args: ["x.js"], network: false, readable: [] });
  const text = args.join(" ");

  ok(
    text.startsWith(
      "--unshare-all --unshare-user --die-with-parent --new-session --cap-drop ALL --ro-bind /usr /usr",
    ),
  );
  ok(
    text.endsWith(
      "--proc /proc --dev /dev --tmpfs /tmp --dir /tmp/home --remount-ro / --chdir /tmp -- /usr/bin/node x.js",
    ),
  );
  ok(!/--(bind|dev-bind|share-net)\b/.test(text));
  const shown = args.filter((_, at) => args[at - 1]?.startsWith("--ro-bind"));
  ok(shown.every((path) => /^\/(usr|s?bin|lib(32|64)?|etc\/[a-z.-]+)$/.test(path)), shown.join());
  ok(!shown.includes("/etc/shadow"));
});

Deno.test("bubblewrapArgs() gives network, a directory and a program that lies elsewhere", () => {
  const text = bubblewrapArgs({
    command: "/opt/n/bin/node",
    args: [],
    network: true,
    directory: "/srv/work",
    readable: ["/opt/n"],
  }).join(" ");

  ok(text.startsWith("--unshare-all --share-net --unshare-user "));
  ok(
    text.endsWith(
      "--ro-bind /opt/n /opt/n --bind /srv/work /srv/work --remount-ro / --chdir /srv/work -- /opt/n/bin/node",
    ),
  );
});

Deno.test("envFileText() writes a line each, and refuses what would become another line", () => {
  strictEqual(envFileText({ A: "1", B: "x=y # z" }), "A=1\nB=x=y # z\n");
  strictEqual(envFileText({ A: "1\nB=2" }), undefined);
  strictEqual(envFileText({ "A\nB": "1" }), undefined);
});

Deno.test("imageFor() finds the image of a program", () => {
  deepStrictEqual(
    ["npx", "/usr/bin/python3", "uvx", "go", "cargo", "/opt/own"].map((command) => imageFor(command, {})),
    [
      "node:22",
      "ghcr.io/astral-sh/uv:python3.13-bookworm-slim",
      "ghcr.io/astral-sh/uv:python3.13-bookworm-slim",
      "golang:1.21-alpine",
      "rust:1.75-slim",
      "alpine:3.18",
    ],
  );
  strictEqual(imageFor("npx", { image: "mine:1", images: { npx: "other" } }), "mine:1");
  strictEqual(
    imageFor("npx", { images: { npx: "other" }, registry: "registry.example" }),
    "registry.example/other",
  );
  strictEqual(
    imageFor("uvx", { registry: "registry.example" }),
    "ghcr.io/astral-sh/uv:python3.13-bookworm-slim",
  );
});
