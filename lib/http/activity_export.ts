import type { ActivityExport, Management, RequestOptions } from "../contracts/mod.ts";

const TYPES = { csv: "text/csv; charset=utf-8", json: "application/x-ndjson" };

/**
 * Streams records of activity as a file.
 *
 * @param input Query of the request; the service checks it.
 */
export async function serveExport(
  management: Management,
  input: ActivityExport,
  request: RequestOptions,
): Promise<Response> {
  const pieces = management.exportActivity(input, request)[Symbol.asyncIterator]();
  // What is wrong shows before the first byte, while there is still a status to say it with.
  const first = await pieces.next();
  const format = input.format === "csv" ? "csv" : "json";
  return new Response(toStream(first, pieces), {
    headers: {
      "content-type": TYPES[format],
      "content-disposition": `attachment; filename="activity.${format === "csv" ? "csv" : "jsonl"}"`,
      "cache-control": "no-store",
    },
  });
}

function toStream(
  first: IteratorResult<string>,
  pieces: AsyncIterator<string>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let next = Promise.resolve(first);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await next;
      if (done) return controller.close();
      controller.enqueue(encoder.encode(value));
      next = pieces.next();
      next.catch(() => {}); // told when it is its turn
    },
    cancel: async () => void await pieces.return?.(),
  });
}
