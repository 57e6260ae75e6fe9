/** Where the events of a stream go as long as somebody reads. */
export interface EventWriter {
  write(text: string): void;
  close(): void;
}

const MAX_EVENTS = 1_000;
const MAX_CHARS = 4 * 1024 * 1024;

/**
 * The events of one stream of a legacy session, kept for a client who lost
 * them on the way: it names the last one it has and gets the rest.
 */
export class Journal {
  readonly #name: string;
  readonly #maxChars: number;
  #events: { readonly seq: number; readonly text: string }[] = [];
  #chars = 0;
  #seq = 0;
  /** Everything up to here was written to somebody. */
  #written = 0;
  #writer: EventWriter | undefined;
  #ended = false;

  /** `name` must be the only one of its session, without an underscore. */
  constructor(name: string, maxChars = MAX_CHARS) {
    this.#name = name;
    this.#maxChars = maxChars;
  }

  /** Somebody reads now. */
  get isRead(): boolean {
    return this.#writer !== undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Adds a message; it is written at once if somebody reads. */
  append(message: unknown): void {
    if (this.#ended) return;
    const seq = ++this.#seq;
    const text = `event: message\nid: ${this.#name}_${seq}\ndata: ${JSON.stringify(message)}\n\n`;
    this.#events.push({ seq, text });
    this.#chars += text.length;
    while (this.#events.length > MAX_EVENTS || this.#chars > this.#maxChars && this.#events.length > 1) {
      this.#chars -= this.#events.shift()?.text.length ?? 0;
    }
    if (this.#writer === undefined) return;
    this.#written = seq;
    this.#writer.write(text);
  }

  /**
   * Gives the events to a reader, who takes the place of the one before.
   *
   * @param after The last event the reader has; what nobody was given yet when absent.
   */
  attach(writer: EventWriter, after?: number): void {
    this.#writer?.close();
    this.#writer = writer;
    const from = after ?? this.#written;
    for (const { seq, text } of this.#events) if (seq > from) writer.write(text);
    this.#written = this.#seq;
    if (this.#ended) this.#release();
  }

  /** The reader has gone. */
  detach(writer: EventWriter): void {
    if (this.#writer === writer) this.#writer = undefined;
  }

  /** An event without a message, from which a reader can go on. */
  priming(): string {
    return `id: ${this.#name}_${this.#seq}\ndata: \n\n`;
  }

  /** Nothing more comes; what there is can still be read. */
  end(): void {
    this.#ended = true;
    this.#release();
  }

  #release(): void {
    this.#writer?.close();
    this.#writer = undefined;
  }
}

/** Reads the name of a journal and the number of an event from an event id. */
export function readEventId(id: string): { readonly name: string; readonly seq: number } | undefined {
  const [, name, seq] = /^([0-9a-z]{1,40})_(\d{1,15})$/.exec(id) ?? [];
  return name === undefined ? undefined : { name, seq: Number(seq) };
}
