/**
 * Secrets by reference: where their values come from, and how they are kept
 * out of everything that is shown.
 *
 * @module
 */

export { maskServer, maskValue } from "./mask.ts";
export { maskTree, restoreMasks } from "./mask_tree.ts";
export { createRedactor, type Redactor } from "./redact.ts";
export { findPlainSecrets, findPlainValue, type PlainSecret, withReferences } from "./plain.ts";
export { openSecretStore, type SecretStore, type StoreKind } from "./store.ts";
export { otherReferencesIn, secretNamesIn } from "./used.ts";
export { type ResolvedServer, resolveServerSecrets, type SecretSources } from "./resolve.ts";
