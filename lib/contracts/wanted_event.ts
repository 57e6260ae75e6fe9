/** Tells whether a follower wants an event; what was lost concerns every one. */
export function isWantedEvent(type: string, types: readonly string[] | undefined): boolean {
  if (types === undefined || types.length === 0 || type === "gap") return true;
  return types.some((wanted) => {
    const name = wanted.replace(/\.?\*$/, "");
    return name === "" || type === name || type.startsWith(`${name}.`);
  });
}
