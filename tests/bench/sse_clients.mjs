// Many clients of an event stream, each a connection of its own.
//
//   node sse_clients.mjs <url> <clients> <type>
//
// Prints {"open", "failed"} when every client has its first event or was refused. From then on each line on
// standard input starts a measurement: when every open client has heard an event of the type since,
// {"heard", "firstMs", "lastMs"} is printed. Ends with its input.

import { connect } from "node:net";
import { createInterface } from "node:readline";

const [url, count, type] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(url);
const AT_ONCE = 200;

let open = 0;
let failed = 0;
let round;
const clients = new Set();

function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function onEvent(client) {
  if (round === undefined || client.round === round) return;
  client.round = round;
  round.firstMs ??= performance.now() - round.startedAt;
  round.heard++;
  if (round.heard < open) return;
  say({ heard: round.heard, firstMs: round.firstMs, lastMs: performance.now() - round.startedAt });
  round = undefined;
}

function start() {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port });
    const client = { round: undefined };
    let isOpen = false;
    let text = "";
    const finish = () => {
      if (isOpen) return;
      failed++;
      resolve();
    };
    socket.on("error", finish).on("close", finish);
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nX-API-Key: ${process.env.KEY}\r\n\r\n`,
    );
    socket.on("data", (bytes) => {
      // The end of a chunk is enough to know an event by.
      text = (text + bytes.toString("latin1")).slice(-100_000);
      if (!isOpen && /^HTTP\/1.1 (?!200)/.test(text)) return socket.destroy();
      if (!isOpen && text.includes("event: snapshot")) {
        isOpen = true;
        open++;
        clients.add(socket);
        text = "";
        resolve();
      } else if (isOpen && text.includes(`event: ${type}\n`)) {
        text = "";
        onEvent(client);
      }
    });
  });
}

let next = 0;
async function worker() {
  while (next++ < Number(count)) await start();
}
await Promise.all(Array.from({ length: AT_ONCE }, worker));
say({ open, failed });
createInterface({ input: process.stdin })
  .on("line", () => round = { startedAt: performance.now(), heard: 0, firstMs: undefined })
  .on("close", () => process.exit(0));
