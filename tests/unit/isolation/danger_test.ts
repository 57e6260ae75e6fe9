import { strictEqual } from "node:assert/strict";
import { findDangerousArg, isProtected } from "../../../lib/isolation/mod.ts";

const PATHS = { home: "/home/me", own: ["/home/me/.mcpproxy", "/srv/gateway"] };

const DANGEROUS = [
  ["--privileged"],
  ["--privileged=true"],
  ["--cap-add", "SYS_ADMIN"],
  ["--cap-add=ALL"],
  ["--security-opt", "seccomp=unconfined"],
  ["--device", "/dev/sda"],
  ["--pid=host"],
  ["--pid", "host"],
  ["--network", "host"],
  ["--net=container:other"],
  ["--ipc=host"],
  ["--userns=host"],
  ["-v", "/:/host"],
  ["-v=/:/host"],
  ["--volume=/etc:/etc:ro"],
  ["-v", "/home/me:/x"],
  ["-v", "/home:/x"],
  ["-v", "/home/me/.ssh:/x"],
  ["-v", "/home/me/../../etc:/x"],
  ["-v", "/srv/gateway/db:/x"],
  ["-v", "/srv:/x"],
  ["-v", "~/x:/x"],
  ["-v", "../..:/x"],
  ["-v", "/var/run/docker.sock:/s"],
  ["-v", "/elsewhere/docker.sock:/s"],
  ["--mount", "type=bind,src=/,dst=/x"],
  ["--mount=type=bind,source=/proc,target=/x"],
  ["--mount", "type=volume,dst=/x,volume-opt=device=/"],
  ["--volumes-from", "other"],
  ["--user", "root"],
  ["-u0"],
  ["-e", "KEY=secret"],
  ["--memory", "0"],
  ["--pids-limit=-1"],
  ["--read-only=false"],
  ["other/image"],
  ["--dns", "1.1.1.1", "--privileged"],
] as const;

Deno.test("findDangerousArg() finds whatever undoes an isolation", () => {
  for (const args of DANGEROUS) {
    strictEqual(typeof findDangerousArg(args, PATHS), "string", args.join(" "));
  }
});

Deno.test("findDangerousArg() lets pass what changes nothing about it", () => {
  for (
    const args of [
      [],
      ["--memory", "1g", "--cpus=2"],
      ["-v", "/srv/project:/work:ro"],
      ["-v", "a-volume:/cache"],
      ["--mount", "type=bind,src=/home/me/project,dst=/work"],
      ["--network", "my-network", "--dns=1.1.1.1"],
      ["--tmpfs", "/var/cache"],
    ]
  ) strictEqual(findDangerousArg(args, PATHS), undefined, args.join(" "));
});

Deno.test("isProtected() keeps home, system and the gateway's own directories", () => {
  for (
    const path of [
      "/",
      "/home",
      "/home/me",
      "/home/me/",
      "/home/me/.aws",
      "/etc",
      "/srv",
      "/srv/gateway",
      "/root",
    ]
  ) {
    strictEqual(isProtected(path, PATHS), true, path);
  }
  for (const path of ["/home/me/code", "/srv/other", "/tmp/x", "/opt/data"]) {
    strictEqual(isProtected(path, PATHS), false, path);
  }
});
