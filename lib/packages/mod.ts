/**
 * Servers that are fetched from a registry of packages whenever they start:
 * which package a command names, and which version of it would run.
 *
 * Not for deciding whether that version may run.
 *
 * @module
 */

export {
  isNpx,
  type PackageWord,
  packageWords,
  unpinnedPackage,
  withoutInstallScripts,
} from "./package_of.ts";
export { createPackageResolver, type PackageResolver, type ResolvedPackage } from "./resolve.ts";
export { pinWords } from "./pin.ts";
