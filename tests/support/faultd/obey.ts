import { answerTo } from "./protocol.ts";
import { type Conductor, type Fault, type Message, paramsOf, type ProcessFault } from "./script.ts";

/** How an answer is to be carried. */
export interface Delivery {
  readonly chunkBytes: number | undefined;
  readonly pauseMs: number;
  /** Where it breaks off. */
  readonly cutAt: number | undefined;
  readonly then: "hang" | "close" | "reset";
  readonly status: number | undefined;
  readonly body: string | undefined;
  /** In place of the whole answer. */
  readonly raw?: string;
  /** Media type of `raw`. */
  readonly type?: string;
}

/** What the carrier of messages can do. */
export interface Face {
  /** Carries the answer, with what is to be said before it, in one go. */
  deliver(messages: readonly Message[], delivery: Delivery): Promise<void>;
  /** Says something that belongs to no request. */
  broadcast(message: Message): void;
  process(fault: ProcessFault): void;
  forget(): void;
  hangUp(): void;
  /** Resolves when the request is cancelled. */
  cancelled(id: unknown): Promise<void>;
  sleep(ms: number): Promise<void>;
}

interface Plan {
  readonly before: Message[];
  answer: Message | undefined;
  copies: number;
  delivery: Delivery;
}

const PLAIN: Delivery = {
  chunkBytes: undefined,
  pauseMs: 0,
  cutAt: undefined,
  then: "hang",
  status: undefined,
  body: undefined,
};
const CHANGED: Message = { jsonrpc: "2.0", method: "notifications/tools/list_changed" };

/** Answers one request, with everything wrong that the script asks for. */
export async function obey(request: Message, conductor: Conductor, face: Face): Promise<void> {
  const script = conductor.script();
  const plan: Plan = { before: [], answer: answerTo(request, script), copies: 1, delivery: PLAIN };
  for (const fault of conductor.faultsFor(request)) {
    if (fault.kind === "hang") return;
    await apply(fault, request, plan, face);
  }
  if (plan.answer === undefined) return;
  const answers = Array.from({ length: plan.copies }, () => plan.answer ?? {});
  await face.deliver([...plan.before, ...answers], plan.delivery);
}

async function apply(fault: Fault, request: Message, plan: Plan, face: Face): Promise<void> {
  const { id } = request;
  switch (fault.kind) {
    case "delay":
      return await face.sleep(fault.ms);
    case "late":
      return await face.cancelled(id);
    case "result":
      plan.answer = { jsonrpc: "2.0", id, result: fault.result };
      return;
    case "error":
      plan.answer = {
        jsonrpc: "2.0",
        id,
        error: { code: fault.code, message: fault.message ?? "Scripted", data: fault.data },
      };
      return;
    case "empty":
      plan.answer = { jsonrpc: "2.0", id };
      return;
    case "size":
      // The id comes first, as most servers write it.
      plan.answer = {
        jsonrpc: "2.0",
        id,
        result: { content: [{ type: "text", text: "x".repeat(fault.bytes) }] },
      };
      return;
    case "id":
      plan.answer = { ...plan.answer, id: fault.id };
      return;
    case "raw":
      plan.delivery = { ...plan.delivery, raw: rawText(fault, id), type: fault.type };
      return;
    case "duplicate":
      plan.copies = fault.times ?? 2;
      return;
    case "endless":
      plan.answer = { jsonrpc: "2.0", id, result: endlessPage(request, fault) };
      return;
    case "notify":
      for (let time = 0; time < (fault.times ?? 1); time++) plan.before.push(fault.message);
      return;
    case "storm":
      for (let time = 0; time < (fault.times ?? 1_000); time++) face.broadcast(CHANGED);
      return;
    case "partial":
      plan.delivery = { ...plan.delivery, cutAt: fault.bytes, then: fault.then ?? "hang" };
      return;
    case "split":
      plan.delivery = { ...plan.delivery, chunkBytes: fault.bytes, pauseMs: fault.pauseMs ?? 0 };
      return;
    case "status":
      plan.delivery = { ...plan.delivery, status: fault.status, body: fault.body ?? "scripted" };
      return;
    case "forget":
      return face.forget();
    case "hangUp":
      return face.hangUp();
    case "hang":
      return;
    default:
      return face.process(fault);
  }
}

function rawText({ text, fill: [piece, times] = ["", 0] }: Fault & { kind: "raw" }, id: unknown): string {
  return text.replaceAll("$ID", JSON.stringify(id)).replace("$FILL", () => piece.repeat(times));
}

function endlessPage(
  request: Message,
  { circle = false, perPage = 10 }: { readonly circle?: boolean; readonly perPage?: number },
): Message {
  const page = Number(paramsOf(request).cursor ?? 0);
  const tools = Array.from({ length: perPage }, (_, at) => ({
    name: `page${page}_tool${at}`,
    inputSchema: { type: "object" },
  }));
  return { tools, nextCursor: String(circle ? 1 : page + 1) };
}
