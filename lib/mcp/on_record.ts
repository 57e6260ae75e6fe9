import type { MethodContext, MethodOptions } from "./method.ts";

/** Finds what a request is about; one that is about nothing there is goes on record here, and nowhere else. */
export async function onRecord<T>(
  type: "prompt_get" | "resource_read",
  { calls }: MethodOptions,
  context: MethodContext,
  find: () => Promise<T>,
): Promise<T> {
  try {
    return await find();
  } catch (error) {
    const { name, uri, arguments: args } = context.params;
    const wanted = type === "prompt_get" ? name : uri;
    const subject = { type, tool_name: typeof wanted === "string" ? wanted : undefined, arguments: args };
    calls.failed(subject, context, error);
    throw error;
  }
}
