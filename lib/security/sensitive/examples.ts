/** Examples of the documentation of the services themselves, and what people write in their place. */
const KNOWN = new Set([
  "AKIAIOSFODNN7EXAMPLE",
  "AKIAI44QH8DHBEXAMPLE",
  "ASIAIOSFODNN7EXAMPLE",
  "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
]);
const PLACEHOLDER =
  /example|placeholder|changeme|change[_-]me|your[_-]|my[_-]?(?:secret|token|key|password)|dummy|fake[_-]|insert|<[^>]{1,40}>|\$\{|\{\{|%[a-z_]{2,40}%|\*{3,}|x{6,}|\.{3,}|^(?:password|passwd|pass|secret|token|user|pwd|postgres|root|admin|test)$/i;

/** Tells whether a text that has the shape of a secret stands for one and is none. */
export function isExample(text: string): boolean {
  return KNOWN.has(text) || PLACEHOLDER.test(text) || isMonotonous(text);
}

/** "aaaaaaaa", "12345678" and "abcdefgh" are nobody's secret. */
function isMonotonous(text: string): boolean {
  const tail = text.slice(-12);
  if (new Set(tail).size <= 2) return tail.length >= 6;
  let steps = 0;
  for (let at = 1; at < tail.length; at++) {
    if (tail.charCodeAt(at) - tail.charCodeAt(at - 1) === 1) steps++;
  }
  return tail.length >= 8 && steps >= tail.length - 2;
}
