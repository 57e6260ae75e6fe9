import { type ActivityEntry, type ActivityRecord, isRawNumber, parseJson } from "../contracts/mod.ts";
import { type BoundedJson, toBoundedJson } from "./bounded_json.ts";
import { type MeasuredJson, measureJson } from "./json_size.ts";
import { cutText } from "./text.ts";

/** A record without what was sent and answered. */
export type Head = Omit<ActivityRecord, "arguments" | "response">;

/** A record on its way, without secrets and of bounded size. */
export interface Prepared {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly head: Omit<Head, "id">;
  /** JSON of an object with `arguments` and `response`; `undefined` if there is neither. */
  readonly body: string | undefined;
}

/** How records are made safe to keep. */
export interface PrepareOptions {
  /** Removes secrets from a text. */
  readonly redact: (text: string) => string;
  /** Bytes of `arguments`, and of `response`, that are kept at most. */
  readonly maxPayloadBytes: number;
}

const MAX_NAME_BYTES = 256;
const MAX_MESSAGE_BYTES = 2_048;
const MAX_METADATA_BYTES = 8_192;
/** Those of a page have to fit into one value of KV beside its columns. */
const MAX_DETECTIONS = 12;
/** Sums of many such numbers are still exact. */
const MAX_COUNT = 1e12;
/** Whatever the config says, a record goes to the disk in one transaction. */
const MAX_PAYLOAD_BYTES = 262_144;

/** Shortens a name to what a record keeps of it. */
export function clipName(name: string): string {
  return cutText(name, MAX_NAME_BYTES);
}

/** Shortens a type of finding to what a record keeps of it. */
export function clipFinding(type: string): string {
  return cutText(type, 64);
}

/**
 * Makes a record out of what somebody told: secrets removed, every part of
 * bounded size. Takes time for what is kept, not for what was sent.
 */
export function prepare(entry: ActivityEntry, at: number, options: PrepareOptions): Prepared {
  const { sent, answered, metadata, texts } = redactParts(toParts(entry, options), options.redact);
  const operation = entry.intent?.operation_type;
  return {
    at,
    head: {
      type: entry.type,
      source: entry.source ?? "internal",
      status: entry.status,
      timestamp: new Date(at).toISOString(),
      ...texts,
      intent: entry.intent === undefined ? undefined : { operation_type: operation, ...texts.intent },
      duration_ms: toAmount(entry.duration_ms),
      request_bytes: toCount(entry.request_bytes ?? sent?.sizeBytes),
      response_bytes: toCount(entry.response_bytes ?? answered?.sizeBytes),
      arguments_truncated: sent?.isCut === true ? true : undefined,
      response_truncated: answered?.isCut === true ? true : undefined,
      metadata: toMetadata(metadata),
      has_sensitive_data: (entry.detection_types?.length ?? 0) > 0 || entry.max_severity !== undefined,
      max_severity: entry.max_severity,
    },
    body: toBody(sent, answered),
  };
}

/** What of an entry may have secrets in it, already of bounded size. */
interface Parts {
  readonly sent: Payload | undefined;
  readonly answered: Payload | undefined;
  readonly metadata: Payload | undefined;
  readonly texts: ReturnType<typeof toTexts>;
}

function toParts(entry: ActivityEntry, options: PrepareOptions): Parts {
  return {
    sent: toPayload(entry.arguments, entry.request_bytes, options),
    answered: toPayload(entry.response, entry.response_bytes, options),
    metadata: toPayload(entry.metadata, undefined, { ...options, maxPayloadBytes: MAX_METADATA_BYTES }),
    texts: toTexts(entry),
  };
}

/** One look at all of them together will do, since there is rarely anything to find. */
function redactParts(parts: Parts, redact: PrepareOptions["redact"]): Parts {
  const { sent, answered, metadata, texts } = parts;
  // Redaction changes texts and nothing else, and none of the keys of `texts`.
  const together = [sent?.text, answered?.text, metadata?.text, JSON.stringify(texts)].join("\n");
  if (redact(together) === together) return parts;
  return {
    sent: sent && toClean(sent, redact),
    answered: answered && toClean(answered, redact),
    metadata: metadata && toClean(metadata, redact),
    texts: mapTexts(texts, redact) as typeof texts, // of the same shape
  };
}

/** The parts of an entry that are texts of somebody else. */
function toTexts(entry: ActivityEntry) {
  const { intent, detection_types: types } = entry;
  return {
    server_name: clip(entry.server_name),
    tool_name: clip(entry.tool_name),
    error_code: clip(entry.error_code),
    error_message: clip(entry.error_message, MAX_MESSAGE_BYTES),
    session_id: clip(entry.session_id),
    work_session_id: clip(entry.work_session_id),
    request_id: clip(entry.request_id),
    parent_id: clip(entry.parent_id),
    correlation_id: clip(entry.correlation_id),
    client_name: clip(entry.client_name),
    client_version: clip(entry.client_version),
    profile: clip(entry.profile),
    agent_name: clip(entry.agent_name),
    auth_type: clip(entry.auth_type),
    intent: intent === undefined ? undefined : {
      data_sensitivity: clip(intent.data_sensitivity),
      reason: clip(intent.reason, MAX_MESSAGE_BYTES),
    },
    detection_types: types === undefined || types.length === 0
      ? undefined
      : [...new Set(types)].slice(0, MAX_DETECTIONS).map(clipFinding),
  };
}

function clip(text: string | undefined, maxBytes = MAX_NAME_BYTES): string | undefined {
  return text === undefined || text === "" ? undefined : cutText(String(text), maxBytes);
}

/** A time that came out of two clocks may be no number, or below zero. */
function toAmount(value: number | undefined): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  return Math.max(0, Math.round(value * 1_000) / 1_000);
}

function toCount(value: number | undefined): number | undefined {
  const amount = toAmount(value);
  return amount === undefined ? undefined : Math.min(MAX_COUNT, Math.round(amount));
}

function toBody(sent: BoundedJson | undefined, answered: BoundedJson | undefined): string | undefined {
  const parts = [
    ...(sent === undefined ? [] : [`"arguments":${sent.text}`]),
    ...(answered === undefined ? [] : [`"response":${answered.text}`]),
  ];
  return parts.length === 0 ? undefined : `{${parts.join(",")}}`;
}

function toMetadata(metadata: BoundedJson | undefined): Record<string, unknown> | undefined {
  if (metadata === undefined) return undefined;
  const value = parseJson(metadata.text);
  const fields = isFields(value) ? value : {};
  return metadata.isCut ? { ...fields, truncated: true } : fields;
}

/** A part of a record as JSON of bounded size. */
interface Payload extends BoundedJson {
  /** Length of the whole, in bytes; absent if it cannot be written as JSON. */
  readonly sizeBytes: number | undefined;
  readonly maxBytes: number;
}

/** @param sizeBytes Length of the value as JSON, if the caller knows it; saves measuring what is long. */
function toPayload(
  value: unknown,
  sizeBytes: number | undefined,
  { redact, maxPayloadBytes }: PrepareOptions,
): Payload | undefined {
  if (value === undefined) return undefined;
  const bounds = { maxBytes: Math.min(maxPayloadBytes, MAX_PAYLOAD_BYTES), redact };
  const isKnownToBeLong = sizeBytes !== undefined && sizeBytes > bounds.maxBytes;
  const measured = isKnownToBeLong ? { sizeBytes } : measureJson(value);
  return {
    ...toBounded(value, measured, bounds),
    sizeBytes: sizeBytes ?? measured?.sizeBytes,
    maxBytes: bounds.maxBytes,
  };
}

function toBounded(
  value: unknown,
  measured: MeasuredJson | undefined,
  bounds: { readonly maxBytes: number; readonly redact: (text: string) => string },
): BoundedJson {
  const isWhole = measured?.text !== undefined && measured.sizeBytes <= bounds.maxBytes;
  return isWhole ? { text: measured.text, isCut: false } : toBoundedJson(value, bounds);
}

/** Takes secrets out text by text, since what is put in their place must not break the JSON. */
function toClean(payload: Payload, redact: (text: string) => string): Payload {
  const { text, isCut, maxBytes } = payload;
  if (redact(text) === text) return payload;
  const clean = toBoundedJson(redactTree(parseJson(text), redact), { maxBytes, redact });
  return { ...payload, text: clean.text, isCut: isCut || clean.isCut };
}

function mapTexts(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((one: unknown) => mapTexts(one, redact));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, redact)]));
}

/** Removes secrets from every text of a value, from its keys and from its numbers. */
function redactTree(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((one: unknown) => redactTree(one, redact));
  if (isFields(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [redact(key), redactTree(one, redact)]),
    );
  }
  if (typeof value !== "number" && !isRawNumber(value)) return value;
  const text = JSON.stringify(value);
  const clean = redact(text);
  return clean === text ? value : clean;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawNumber(value);
}
