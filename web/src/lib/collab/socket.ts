/**
 * One Socket.IO connection, WebSocket only. It connects when told and stays down when it falls: trying again is
 * the business of its owner. Nothing is ever buffered here: what cannot be sent now is not sent.
 */
import { io, type Socket } from 'socket.io-client';
import { readReply, type Reply } from './protocol';
import * as v from 'valibot';

/** How long an answer may take before the connection counts as dead. */
const REPLY_MS = 20_000;
const CONNECT_MS = 10_000;

export interface SocketHandlers {
  up(): void;
  /** `code` is set when the server refused the connection. */
  down(code: string | null): void;
  event(name: string, payload: unknown): void;
}

/** The part of a connection that a session needs; tests have their own. */
export interface Link {
  readonly isUp: boolean;
  /** Counts connections: what belongs to an earlier one must not go on in a later. */
  readonly generation: number;
  connect(credentials: { token: string; clientId: string | null }): void;
  disconnect(): void;
  /** `answer` is called exactly once, in the order of the stream. */
  request<T>(
    name: string,
    payload: unknown,
    schema: v.GenericSchema<unknown, T>,
    answer: (reply: Reply<T>) => void
  ): void;
  /** For what is worthless when late. */
  sendVolatile(name: string, payload: unknown): void;
}

const refusal = v.object({ data: v.object({ code: v.string() }) });

export class SocketLink implements Link {
  generation = 0;
  #socket: Socket;
  #credentials: { token: string; clientId: string | null } | null = null;

  constructor(handlers: SocketHandlers) {
    this.#socket = io({
      path: '/socket.io/',
      transports: ['websocket'],
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      timeout: CONNECT_MS,
      auth: (give) => give(this.#credentials ?? {})
    });
    this.#socket.on('connect', () => {
      this.generation++;
      handlers.up();
    });
    this.#socket.on('disconnect', () => handlers.down(null));
    this.#socket.on('connect_error', (error: unknown) => {
      const parsed = v.safeParse(refusal, error);
      this.#socket.disconnect();
      handlers.down(parsed.success ? parsed.output.data.code : null);
    });
    this.#socket.onAny((name: string, payload: unknown) => handlers.event(name, payload));
  }

  get isUp(): boolean {
    return this.#socket.connected;
  }

  connect(credentials: { token: string; clientId: string | null }): void {
    this.#credentials = credentials;
    this.#socket.connect();
  }

  disconnect(): void {
    this.#socket.disconnect();
  }

  request<T>(
    name: string,
    payload: unknown,
    schema: v.GenericSchema<unknown, T>,
    answer: (reply: Reply<T>) => void
  ): void {
    if (!this.isUp) return answer({ kind: 'lost' });
    this.#socket.timeout(REPLY_MS).emit(name, payload, (error: Error | null, reply: unknown) => {
      if (!error) return answer(readReply(schema, reply));
      answer({ kind: 'lost' });
      // An answer that does not come means that the line or the server hangs: only a new connection tells.
      if (this.isUp) this.#socket.disconnect();
    });
  }

  sendVolatile(name: string, payload: unknown): void {
    if (this.isUp) this.#socket.volatile.emit(name, payload);
  }
}
