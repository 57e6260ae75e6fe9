import {
  ACTIVITY_SEVERITIES,
  ACTIVITY_STATUSES,
  ACTIVITY_TYPES,
  type ActivityFilter,
  CALL_VARIANTS,
} from "../contracts/mod.ts";
import { hasFinding, hasFlag, isOneOf, isWithin, type Narrow } from "./narrow.ts";
import { type Hash, isRepeated, placeOf, REPEATED, SENSITIVE, TEXT_FIELDS, type TextField } from "./page.ts";
import { clipFinding, clipName, type Head } from "./prepare.ts";

/** One thing that must hold. */
export interface Condition {
  /** Quick look at rows. May keep what {@link Condition.fits} refuses, never the other way round. */
  readonly narrow: Narrow;
  /** The truth. */
  readonly fits: (head: Head) => boolean;
}

/** What conditions are made with. */
export interface ConditionOptions {
  readonly hash: Hash;
  /** Records have their secrets removed, so what is looked for must as well. */
  readonly redact: (text: string) => string;
  /** Servers whose records may be seen; records without a server may not. All records when absent. */
  readonly servers?: readonly string[];
}

/** Turns a filter into conditions that must all hold. Pure. */
export function toConditions(filter: ActivityFilter, options: ConditionOptions): readonly Condition[] {
  return [
    ...textConditions(filter, options),
    ...wordConditions(filter),
    ...findingConditions(filter, options),
    ...timeConditions(filter),
    ...scopeConditions(options),
  ];
}

function textConditions(filter: ActivityFilter, { hash, redact }: ConditionOptions): Condition[] {
  const wanted: Partial<Record<TextField, string>> = {
    server_name: filter.server,
    tool_name: filter.tool,
    session_id: filter.session_id,
    work_session_id: filter.work_session_id,
    request_id: filter.request_id,
    parent_id: filter.parent_id,
    agent_name: filter.agent,
    auth_type: filter.auth_type,
    profile: filter.profile,
    client_name: filter.client,
    error_code: filter.error_code,
    correlation_id: filter.correlation_id,
  };
  return TEXT_FIELDS.flatMap((field) => {
    const text = wanted[field];
    return text === undefined ? [] : [isText(field, [redact(clipName(text))], hash)];
  });
}

function isText(field: TextField, texts: readonly string[], hash: Hash): Condition {
  const column = TEXT_FIELDS.indexOf(field);
  return {
    narrow: isOneOf((page) => page.texts[column], texts.map(hash)),
    fits: (head) => texts.includes(head[field] ?? ""),
  };
}

function wordConditions({ type, status, severity, intent_type: intent }: ActivityFilter): Condition[] {
  const found: Condition[] = [];
  if (type !== undefined) {
    const wanted = type.map((word) => ACTIVITY_TYPES.indexOf(word));
    found.push({ narrow: isOneOf(({ types }) => types, wanted), fits: (head) => type.includes(head.type) });
  }
  if (status !== undefined) {
    const wanted = status.map((word) => ACTIVITY_STATUSES.indexOf(word));
    found.push({
      narrow: isOneOf(({ statuses }) => statuses, wanted),
      fits: (head) => status.includes(head.status),
    });
  }
  if (severity !== undefined) {
    const wanted = [placeOf(ACTIVITY_SEVERITIES, severity)];
    found.push({
      narrow: isOneOf(({ severities }) => severities, wanted),
      fits: (head) => head.max_severity === severity,
    });
  }
  if (intent !== undefined) {
    const wanted = [placeOf(CALL_VARIANTS, intent)];
    found.push({
      narrow: isOneOf(({ intents }) => intents, wanted),
      fits: (head) => head.intent?.operation_type === intent,
    });
  }
  return found;
}

function findingConditions(filter: ActivityFilter, { hash, redact }: ConditionOptions): Condition[] {
  const { sensitive_data: sensitive, detection_type: detection } = filter;
  const found: Condition[] = [];
  if (filter.include_call_tool !== true) {
    found.push({ narrow: hasFlag(REPEATED, false), fits: (head) => !isRepeated(head) });
  }
  if (sensitive !== undefined) {
    found.push({
      narrow: hasFlag(SENSITIVE, sensitive),
      fits: (head) => head.has_sensitive_data === sensitive,
    });
  }
  if (detection !== undefined) {
    const wanted = redact(clipFinding(detection));
    found.push({
      narrow: hasFinding(hash(wanted)),
      fits: (head) => head.detection_types?.includes(wanted) === true,
    });
  }
  return found;
}

function timeConditions({ start_time: start, end_time: end }: ActivityFilter): Condition[] {
  if (start === undefined && end === undefined) return [];
  const from = start === undefined ? -Infinity : Date.parse(start);
  const to = end === undefined ? Infinity : Date.parse(end);
  return [{
    narrow: isWithin(from, to),
    fits: ({ timestamp }) => Date.parse(timestamp) >= from && Date.parse(timestamp) < to,
  }];
}

function scopeConditions({ servers, hash }: ConditionOptions): Condition[] {
  return servers === undefined ? [] : [isText("server_name", servers.map(clipName), hash)];
}
