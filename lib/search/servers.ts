/** Numbers for the names of servers that have tools, and how many each has; a number is reused when the last is gone. */
export class Servers {
  readonly #numbers = new Map<string, number>();
  readonly #sizes: number[] = [];
  readonly #names: string[] = [];
  readonly #free: number[] = [];

  /** Servers that have tools. */
  get count(): number {
    return this.#numbers.size;
  }

  /** All numbers are below this. */
  get capacity(): number {
    return this.#sizes.length;
  }

  nameOf(number: number): string {
    return this.#names[number] ?? "";
  }

  sizeOf(number: number): number {
    return this.#sizes[number] ?? 0;
  }

  /** Counts one tool more, or several, and gives the number of their server. */
  add(name: string, count = 1): number {
    const number = this.#numbers.get(name) ?? this.#free.pop() ?? this.#sizes.length;
    this.#numbers.set(name, number);
    this.#names[number] = name;
    this.#sizes[number] = this.sizeOf(number) + count;
    return number;
  }

  /** Counts one tool less. */
  remove(number: number): void {
    const size = this.sizeOf(number) - 1;
    this.#sizes[number] = size;
    if (size > 0) return;
    this.#numbers.delete(this.#names[number] ?? "");
    this.#free.push(number);
  }
}
