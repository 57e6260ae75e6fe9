// Asks a URL at a steady rate and prints how long the answers took, counted from the moment each was due:
// a client that waits for a slow answer must not hide the ones behind it.
//
//   KEY=… node rest_client.mjs URL RATE SECONDS

import { Agent, request } from "node:http";

const [url, rate, seconds] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const headers = { "x-api-key": process.env.KEY ?? "" };
const took = [];
let errors = 0;
let bytes = 0;

function ask(dueAt) {
  return new Promise((resolve) => {
    const sent = request(url, { agent, headers }, (response) => {
      if (response.statusCode !== 200) errors++;
      response.on("data", (chunk) => bytes += chunk.length);
      response.on("end", () => {
        took.push(performance.now() - dueAt);
        resolve();
      });
    });
    sent.on("error", () => {
      errors++;
      resolve();
    });
    sent.end();
  });
}

const startedAt = performance.now();
const total = Number(rate) * Number(seconds);
const asked = [];
for (let index = 0; index < total; index++) {
  const dueAt = startedAt + index * 1_000 / Number(rate);
  const waitMs = dueAt - performance.now();
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  asked.push(ask(performance.now() < dueAt ? performance.now() : dueAt));
}
await Promise.all(asked);
took.sort((a, b) => a - b);
const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))];
console.log(
  JSON.stringify({ p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1), errors, asked: total, bytes }),
);
