import { GatewayError } from "../contracts/mod.ts";
import type { BodyLimits } from "../platform/mod.ts";
import { readBytes } from "./body.ts";

const FORM_TYPE = /^multipart\/form-data\b/i;
/** Fields that are lists come with commas between, and those that are objects as JSON. */
const LISTS: ReadonlySet<string> = new Set(["server_names"]);
const OBJECTS: ReadonlySet<string> = new Set(["rename"]);

/** Tells whether a request brings a file in a form. */
export function isUpload({ headers }: Request): boolean {
  return FORM_TYPE.test(headers.get("content-type") ?? "");
}

/**
 * Reads a form with one file: its text becomes `content` and its name
 * `filename`, the other fields go by their names.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT, MCPX_BODY_TOO_LARGE, MCPX_REQUEST_TIMEOUT.
 */
export async function readUpload(
  request: Request,
  limits: BodyLimits,
): Promise<Readonly<Record<string, unknown>>> {
  const form = await readForm(request, limits);
  const input: Record<string, unknown> = {};
  for (const [key, value] of form) {
    if (value instanceof File) {
      if (input.content !== undefined) throw unreadable("it has several files, wanted one");
      input.content = await value.text();
      input.filename = value.name;
    } else input[key === "file" ? "content" : key] = toValue(key, value);
  }
  if (input.content === undefined) throw unreadable('it has no file, wanted one in the field "file"');
  return input;
}

async function readForm(request: Request, limits: BodyLimits): Promise<FormData> {
  const bytes = await readBytes(request, limits);
  const type = request.headers.get("content-type") ?? "";
  try {
    return await new Response(bytes, { headers: { "content-type": type } }).formData();
  } catch (cause) {
    throw unreadable("it is no form, wanted multipart/form-data with its boundary", cause);
  }
}

function toValue(key: string, text: string): unknown {
  if (LISTS.has(key)) return text.split(",").map((one) => one.trim()).filter((one) => one !== "");
  if (!OBJECTS.has(key)) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(`its field "${key}" is not valid JSON`, cause);
  }
}

function unreadable(why: string, cause?: unknown): GatewayError {
  return new GatewayError("MCPX_INVALID_INPUT", `Cannot read the body: ${why}`, { cause });
}
