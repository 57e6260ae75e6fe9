/**
 * Listings of servers that others publish: where they are, what they say, and
 * how a server in them would be run.
 *
 * @module
 */

export { type Install, type ListedInput, type ListedServer, readListing } from "./listing.ts";
export { createRegistries, type Registries, type RegistryAnswer, type RegistryQuery } from "./registries.ts";
export { isBuiltIn, REGISTRY_PROTOCOLS, type RegistrySource, sourcesOf } from "./source.ts";
