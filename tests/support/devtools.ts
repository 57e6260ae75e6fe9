/**
 * The DevTools protocol over its WebSocket: questions with answers, and events.
 *
 * @module
 */

type Values = Readonly<Record<string, unknown>>;
type Listener = (values: Values) => void;

/** One end of the protocol: the browser, or a tab. */
export interface Session {
  /** @throws {Error} With what the browser says is wrong. */
  send(method: string, params?: Values): Promise<Values>;
  on(event: string, listener: Listener): void;
  /** Resolves with the next event of a name. */
  once(event: string): Promise<Values>;
  /** The session of a tab, on the same connection. */
  of(sessionId: string): Session;
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Values;
  readonly result?: Values;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** Connects to the address that a browser has printed. */
export async function openDevTools(address: string): Promise<Session> {
  const socket = new WebSocket(address);
  const closed = new Promise<void>((resolve) =>
    socket.addEventListener("close", () => resolve(), { once: true })
  );
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", () => reject(new Error(`Cannot connect to ${address}`)), { once: true });
  });
  const waiting = new Map<number, PromiseWithResolvers<Values>>();
  const listeners = new Map<string, Listener[]>();
  let last = 0;

  socket.addEventListener("message", ({ data }) => {
    const { id, method, params = {}, result = {}, error, sessionId = "" }: Message = JSON.parse(String(data));
    if (id === undefined) {
      for (const listener of [...(listeners.get(`${sessionId} ${method}`) ?? [])]) listener(params);
      return;
    }
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error.message));
  });
  void closed.then(() => {
    for (const asked of waiting.values()) asked.reject(new Error("The browser has ended"));
  });

  function session(sessionId: string): Session {
    const self: Session = {
      send(method, params = {}) {
        const id = ++last;
        const asked = Promise.withResolvers<Values>();
        waiting.set(id, asked);
        socket.send(JSON.stringify({ id, method, params, ...(sessionId === "" ? {} : { sessionId }) }));
        return asked.promise;
      },
      on(event, listener) {
        const key = `${sessionId} ${event}`;
        listeners.set(key, [...(listeners.get(key) ?? []), listener]);
      },
      once: (event) => new Promise((resolve) => self.on(event, resolve)),
      of: session,
      async close() {
        if (socket.readyState !== WebSocket.CLOSED) socket.close();
        await closed;
      },
    };
    return self;
  }
  return session("");
}
