/**
 * What clients of mcpproxy-go know and what is not here, with the reason, so
 * that whoever asks for it is told; without schemas, for the command line.
 *
 * @module
 */

/** Why something is not here; a pattern stands for all that it matches. */
export type LeftOut = readonly (readonly [RegExp, string])[];

const NO_TELEMETRY = "nothing is ever sent home";
const NO_SCRIPTS = "running scripts is not part of this version; the words are reserved";
const NO_OAUTH = "signing in to servers by OAuth is not part of this version yet";
const NO_DOCKER_SCANNERS =
  "scanning is built in and works offline; scanners in containers of their own are not used";

/** Routes below `/api/v1`, as `METHOD path`. */
export const LEFT_OUT_ROUTES: LeftOut = [
  [/\/telemetry\//, NO_TELEMETRY],
  [/\/feedback$/, NO_TELEMETRY],
  [/\/onboarding\//, "there is no wizard; the page shows what a newcomer needs"],
  [/ \/code\//, NO_SCRIPTS],
  [/\/log(?:in|out)$/, NO_OAUTH],
  [/\/security\/(?:scanners|scans|queue|cancel-all)/, NO_DOCKER_SCANNERS],
  [/\/scan\/(?:status|files|cancel)$|\/integrity$/, NO_DOCKER_SCANNERS],
];

/** Commands, as words with a space between. */
export const LEFT_OUT_COMMANDS: LeftOut = [
  [/^(?:telemetry|feedback)\b/, NO_TELEMETRY],
  [/^code\b/, NO_SCRIPTS],
  [/^auth\b/, NO_OAUTH],
  [/^security (?:scanners|enable|disable|configure|rescan|status|integrity|cancel-all)/, NO_DOCKER_SCANNERS],
  [
    /^trust-cert$/,
    "the gateway listens on loopback without TLS; a proxy in front adds it where it is needed",
  ],
  [/^tui$/, "upstream list --watch and the web page show the same"],
  [/^update$/, "installing and updating is the package manager's work"],
  [/^search-servers$/, "registry search does the same"],
  [/^credential\b/, "belongs to the edition for many users"],
];

/** The reason why something is not here; `undefined` if it is only unknown. */
export function whyLeftOut(among: LeftOut, what: string): string | undefined {
  return among.find(([pattern]) => pattern.test(what))?.[1];
}
