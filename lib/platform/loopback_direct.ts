const PROXIES = /^(?:https?|all)_proxy$/i;
const LISTS = ["NO_PROXY", "no_proxy"];
const LOOPBACK = ["localhost", "127.0.0.0/8", "127.0.0.1", "::1"];

/**
 * Keeps requests to this machine from a proxy, which would get the keys in
 * them and could not pass them on. The runtime reads the variables by itself,
 * before its first request, and has no other switch.
 */
export function keepLoopbackDirect(env: Pick<typeof Deno.env, "get" | "set" | "toObject">): void {
  if (!Object.keys(env.toObject()).some((name) => PROXIES.test(name))) return;
  for (const name of LISTS) {
    const stated = (env.get(name) ?? "").split(",").map((one) => one.trim()).filter((one) => one !== "");
    env.set(name, [...new Set([...stated, ...LOOPBACK])].join(","));
  }
}
