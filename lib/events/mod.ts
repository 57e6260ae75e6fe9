/**
 * The bus that carries numbered facts from whoever causes them to every
 * surface.
 *
 * @module
 */

export { type BusEvent, createEventBus, type EventBus, type EventBusOptions } from "./bus.ts";
export { BURST_MS, createMerger, type Merger } from "./merger.ts";
