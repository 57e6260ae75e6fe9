/**
 * What a hostile program can do besides answering.
 *
 * @module
 */

import { type Behaviour, runs } from "./behaviour.ts";

const ESC = "\x1b";
/** Answered, or given up in time: how quickly a flood drains depends on the machine. */
const FLOODED = /"echo: |MCPX_CALL_TIMEOUT/;

export const PROGRAMS: readonly Behaviour[] = [
  runs("2,000 lines that are no messages", /prints text where MCP messages belong|no messages|MCPX_/, {
    rules: [{ on: "tools/call echo", do: { kind: "garbage", lines: 2_000 } }],
  }),
  runs("standard error of 10 MB that steers the terminal", FLOODED, {
    start: [{ kind: "stderr", lines: 10_000, bytes: 1_000 }],
  }),
  runs("ends in the middle of a call", /MCPX_STDIO_EXIT_NONZERO|MCPX_/, {
    rules: [{ on: "tools/call echo", do: { kind: "exit", code: 3 } }],
  }),
  runs("ends in the middle of an answer", /MCPX_/, {
    rules: [{ on: "tools/call echo", do: { kind: "partial", bytes: 20, then: "reset" } }],
  }),
  runs("does not hear the signal to end", FLOODED, {
    start: [{ kind: "ignore", what: "SIGTERM" }, { kind: "ignore", what: "end" }],
  }),
  runs("starts programs that outlive it", FLOODED, {
    start: [{ kind: "fork", count: 3, session: true, stubborn: true }],
  }),
  {
    ...runs("never reads", /HANDSHAKE_TIMEOUT/, { start: [{ kind: "deaf" }] }),
    entry: { init_timeout: "2s" },
  },
  runs("a line of 17 MB", /MCPX_UPSTREAM_MESSAGE_TOO_LARGE|MCPX_/, {
    rules: [{ on: "tools/call echo", do: { kind: "size", bytes: 17 * 1024 * 1024 } }],
  }),
  runs("two messages on a line", /MCPX_/, {
    rules: [{
      on: "tools/call echo",
      do: {
        kind: "raw",
        text: '{"jsonrpc":"2.0","id":$ID,"result":{}}{"jsonrpc":"2.0","id":$ID,"result":{}}',
      },
    }],
  }),
  runs("lines of controls", /MCPX_/, {
    rules: [{ on: "tools/call echo", do: { kind: "raw", text: `${ESC}[2J${ESC}]0;x\x07\0\0\b\r` } }],
  }),
  runs("forged answers of the handshake", FLOODED, {
    rules: [{
      on: "tools/call echo",
      do: {
        kind: "notify",
        message: { jsonrpc: "2.0", id: 1, result: { protocolVersion: "1999-01-01" } },
        times: 100,
      },
    }],
  }),
  runs("a storm of changed lists", FLOODED, {
    rules: [{ on: "tools/call echo", do: { kind: "storm", times: 5_000 } }],
  }),
];
