/**
 * Whether what an agent has read on one server may be carried to another.
 *
 * @module
 */

export { flowSources, noteHeard, passFlow } from "./flow_gate.ts";
export { type Consent, type ConsentStatus, createFlows, type Flows } from "./flows.ts";
