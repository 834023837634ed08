/** A connection whose far end is the test: it sees each request, and answers when it likes. */
import type * as v from 'valibot';
import { readReply, type Reply } from '../protocol';
import type { Credentials, Link, SocketHandlers } from '../socket';

export interface Sent {
  name: string;
  // The test reads what it knows to be in there.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  payload: any;
  /** Answers with what came over the wire; once. */
  answer: (reply: unknown) => void;
}

export class FakeLink implements Link {
  isUp = false;
  generation = 0;
  /** Requests that nobody has looked at yet. */
  sent: Sent[] = [];
  volatile: [name: string, payload: unknown][] = [];
  credentials: Credentials | null = null;
  reachable = new Set<string>();
  /** Where it was asked to connect to; null is the page's own server. */
  url: string | null = null;
  #waiting = new Set<(reply: Reply<never>) => void>();

  constructor(private readonly handlers: SocketHandlers) {}

  connect(credentials: Credentials, url: string | null = null): void {
    this.credentials = credentials;
    this.url = url;
  }

  /** The server takes the connection that was asked for. */
  accept(): void {
    this.isUp = true;
    this.generation++;
    this.handlers.up();
  }

  refuse(code: string): void {
    this.handlers.down(code);
  }

  /** The line breaks: nothing that waits is ever answered. */
  break(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.sent = [];
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const answer of waiting) answer({ kind: 'lost' });
    this.handlers.down(null);
  }

  disconnect(): void {
    this.break();
  }

  async reach(url: string): Promise<boolean> {
    return this.reachable.has(url);
  }

  request<T>(
    name: string,
    payload: unknown,
    schema: v.GenericSchema<unknown, T>,
    answer: (reply: Reply<T>) => void
  ): void {
    if (!this.isUp) return answer({ kind: 'lost' });
    this.#waiting.add(answer);
    const once = (reply: Reply<T>) => {
      if (this.#waiting.delete(answer)) answer(reply);
    };
    this.sent.push({
      name,
      payload: structuredClone(payload),
      answer: (reply) => once(readReply(schema, reply))
    });
  }

  sendVolatile(name: string, payload: unknown): void {
    if (this.isUp) this.volatile.push([name, payload]);
  }

  /** Something from the server. */
  tell(name: string, payload: object): void {
    this.handlers.event(name, payload);
  }

  /** The oldest request of this name that nobody has looked at. */
  take(name: string): Sent {
    const index = this.sent.findIndex((sent) => sent.name === name);
    if (index < 0) throw new Error(`No ${name} was sent, but ${this.sent.map((sent) => sent.name)}`);
    return this.sent.splice(index, 1)[0]!;
  }

  has(name: string): boolean {
    return this.sent.some((sent) => sent.name === name);
  }
}
