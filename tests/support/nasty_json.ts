/**
 * Texts that are nearly JSON, JSON that no honest writer writes, and values
 * that trip whoever reads them carelessly, in every place of a message.
 *
 * @module
 */

/** Texts that are no JSON at all. */
const BROKEN: readonly string[] = [
  "",
  " ",
  "\n",
  "\0",
  "\ufeff",
  "[",
  "]",
  "{",
  "}",
  "[,]",
  "[1,]",
  "[1,,2]",
  "[1 2]",
  "[1",
  '["a"',
  '["a\n"]',
  '["a',
  '["\\x41"]',
  '["\\u12"]',
  '["\\',
  "['a']",
  "[a]",
  "[tru]",
  "[nul]",
  "[NaN]",
  "[Infinity]",
  "[-Infinity]",
  "[undefined]",
  "[01]",
  "[1.]",
  "[.5]",
  "[+1]",
  "[1e]",
  "[1e+]",
  "[0x10]",
  "[1_000]",
  "[--1]",
  "[1]2",
  '{"a"}',
  '{"a":}',
  '{:"a"}',
  '{"a":1,}',
  '{"a":1 "b":2}',
  "{a:1}",
  "{'a':1}",
  '{"a":1}}',
  '{"a":1}{"b":2}',
  '{"a":1}\n{"b":2}',
  "/* c */ {}",
  "{} // c",
  "<x/>",
  "a=1&b=2",
  "\x1b[2J{}",
  "[1\u00a0]",
  "\u2028{}",
];

const deep = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);
const keys = (count: number) => `{${Array.from({ length: count }, (_, at) => `"k${at}":${at}`).join(",")}}`;

/** Values as they are written; each is JSON, or nearly so. */
const VALUES: readonly string[] = [
  "null",
  "true",
  "-0",
  "1e400",
  "-1e400",
  "1e-400",
  "12345678901234567890",
  "-9223372036854775809",
  "0.1000000000000000055511151231257827",
  "1.0",
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ufeff"',
  '"\\u202e"',
  '"\\r\\nx: y"',
  `"${"a".repeat(70_000)}"`,
  '"__proto__"',
  '"constructor"',
  '"toString"',
  "[]",
  "{}",
  "[[]]",
  "[null,null]",
  `[${"1,".repeat(20_000)}1]`,
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"a":{"__proto__":{"polluted":1}},"__proto__":[]}',
  '{"a":1,"a":2}',
  '{"":""}',
  '{"\\u0000":1}',
  '{"toString":1,"valueOf":1,"hasOwnProperty":1}',
  '{"then":1}',
  '{"toJSON":1}',
  '{"length":1e9}',
  deep(65, "[", "]"),
  `${'{"a":'.repeat(300)}1${"}".repeat(300)}`,
  deep(100_000, "[", "]"),
  keys(20_000),
];

/** Where in a message a value is put; the name of the tool stays what it is unless it is the value itself. */
const CALL_PLACES: readonly ((value: string, tool: string) => string)[] = [
  (value) => value,
  (value, tool) => call({ id: value, tool }),
  (value) => `{"jsonrpc":"2.0","id":1,"method":${value}}`,
  (value) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${value}}`,
  (value) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":${value},"arguments":{}}}`,
  (value, tool) => call({ tool, args: value }),
  (value, tool) => call({ tool, args: `{"x":${value}}` }),
  (value, tool) => call({ tool, more: `,"_meta":${value}` }),
  (value, tool) => `{"jsonrpc":${value},"id":1,"method":"tools/call","params":{"name":"${tool}"}}`,
];

function call(
  { id = "1", tool, args = "{}", more = "" }: {
    readonly id?: string;
    readonly tool: string;
    readonly args?: string;
    readonly more?: string;
  },
): string {
  return `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${tool}","arguments":${args}${more}}}`;
}

/** Bodies of requests that would call a tool. */
export function nastyCalls(tool: string): readonly string[] {
  return [...BROKEN, ...VALUES.flatMap((value) => CALL_PLACES.map((place) => place(value, tool)))];
}

/** Bodies of REST calls. */
export function nastyRestCalls(tool: string): readonly string[] {
  const places: readonly ((value: string) => string)[] = [
    (value) => value,
    (value) => `{"tool_name":${value}}`,
    (value) => `{"tool_name":"${tool}","arguments":${value}}`,
    (value) => `{"tool_name":"${tool}","arguments":{"x":${value}}}`,
    (value) => `{"tool_name":"${tool}","arguments":{},"__proto__":${value}}`,
    (value) => `{"tool_name":"${tool}","tool_name":${value}}`,
    (value) => `{"tool_name":"${tool}","arguments":{},${value}:1}`,
  ];
  return [...BROKEN, ...VALUES.flatMap((value) => places.map((place) => place(value)))];
}

/** Files that somebody might import, or write as a config. */
export function nastyFiles(): readonly string[] {
  const places: readonly ((value: string) => string)[] = [
    (value) => value,
    (value) => `{"mcpServers":${value}}`,
    (value) => `{"mcpServers":{"a":${value}}}`,
    (value) => `{"mcpServers":{"a":{"command":${value}}}}`,
    (value) => `{"mcpServers":{"a":{"command":"x","args":${value}}}}`,
    (value) => `{"mcpServers":{"a":{"command":"x","env":${value}}}}`,
    (value) => `{"mcpServers":{"a":{"command":"x"}},"__proto__":${value}}`,
    (value) => `{"mcpServers":{"__proto__":{"command":"x"},"a":{"url":${value}}}}`,
  ];
  return [...BROKEN, ...VALUES.flatMap((value) => places.map((place) => place(value)))];
}

/** What a server answers to the call with the id `$ID`. */
export function nastyAnswers(): readonly string[] {
  const places: readonly ((value: string) => string)[] = [
    (value) => value,
    (value) => `{"jsonrpc":"2.0","id":$ID,"result":${value}}`,
    (value) => `{"jsonrpc":"2.0","id":$ID,"result":{"content":${value}}}`,
    (value) => `{"jsonrpc":"2.0","id":$ID,"result":{"content":[${value}]}}`,
    (value) => `{"jsonrpc":"2.0","id":$ID,"result":{"content":[],"structuredContent":${value}}}`,
    (value) => `{"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"text","text":${value}}]}}`,
    (value) => `{"jsonrpc":"2.0","id":$ID,"error":${value}}`,
    (value) => `{"jsonrpc":"2.0","id":$ID,"error":{"code":${value},"message":${value}}}`,
  ];
  return [...BROKEN, ...VALUES.flatMap((value) => places.map((place) => place(value)))];
}
