import { deepStrictEqual } from "node:assert/strict";
import { createFrameReader } from "../../../ui/frames.ts";

Deno.test("createFrameReader() gives events when they are complete, wherever the pieces are cut", () => {
  const text =
    ': hello\nretry: 5\n\nid: r:1\nevent: a\ndata: {"x":1}\n\n: keep-alive\n\ndata: 2\ndata: 3\n\n';
  const wanted = [{ id: "r:1", event: "a", data: '{"x":1}' }, {
    event: "message",
    data: "2\n3",
    id: undefined,
  }];

  for (let size = 1; size <= text.length; size++) {
    const read = createFrameReader();
    const frames = text.match(new RegExp(`[^]{1,${size}}`, "g"))?.flatMap(read);
    deepStrictEqual(frames, wanted);
  }
});
