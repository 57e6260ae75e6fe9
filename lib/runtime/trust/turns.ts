/** Work on one thing happens one after the other; on different things at once. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does the work when what was asked for before is done, whatever became of it. */
  take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(name) ?? Promise.resolve()).then(work, work);
    const settled = mine.catch(() => {}).finally(() => {
      if (this.#last.get(name) === settled) this.#last.delete(name);
    });
    this.#last.set(name, settled);
    return mine;
  }

  /** Tells whether work of this name is not done yet. */
  has(name: string): boolean {
    return this.#last.has(name);
  }

  /** Resolves when all that was asked for so far is done. */
  async done(): Promise<void> {
    await Promise.allSettled(this.#last.values());
  }
}
