/**
 * Confinement of stdio servers by bubblewrap or Docker: what is to be
 * confined, with which arguments, and that nothing of it is left.
 *
 * @module
 */

export { bubblewrapArgs, type BubblewrapRun } from "./bubblewrap_args.ts";
export { type Capabilities, type Capability, probeCapabilities } from "./capabilities.ts";
export { findDangerousArg, isProtected, type ProtectedPaths } from "./danger.ts";
export { dockerArgs, type DockerRun, envFileText } from "./docker_args.ts";
export { imageFor } from "./images.ts";
export {
  type ConfinedStart,
  createIsolation,
  type Isolation,
  type IsolationOptions,
  type StartRequest,
} from "./isolation.ts";
export { generalModeOf, type IsolationMode, isolationModeOf } from "./mode.ts";
export { type Newcomer, type NewcomerOptions, settleNewcomer } from "./newcomer.ts";
