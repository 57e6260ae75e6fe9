import type { Consent } from "../calls/mod.ts";
import type { EventBus } from "../events/mod.ts";

/** Tells of a call that wants a person's consent, and of what became of it; its arguments are for `consents.list`. */
export function tellOfConsent(bus: Pick<EventBus, "publish">, consent: Consent): void {
  const { id, status, server, tool, sources, who } = consent;
  bus.publish(status === "pending" ? "consent.required" : "consent.decided", {
    consent_id: id,
    status,
    server_name: server,
    tool_name: tool,
    sources,
    caller: who.caller,
    client_name: who.clientName,
  });
}
