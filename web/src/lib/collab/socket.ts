/**
 * One Socket.IO connection, WebSocket only. It connects when told and stays down when it falls: trying again is
 * the business of its owner. Nothing is ever buffered here: what cannot be sent now is not sent.
 */
import type { Socket } from 'socket.io-client';
import { freshPage } from '#lib/utils/fresh-page';
import { readReply, type Reply } from './protocol';
import * as v from 'valibot';

/** How long an answer may take before the connection counts as dead. */
const REPLY_MS = 20_000;
const CONNECT_MS = 10_000;
const PATH = '/socket.io/';

export interface SocketHandlers {
  up(): void;
  /** `code` is set when the server refused the connection. */
  down(code: string | null): void;
  event(name: string, payload: unknown): void;
}

export interface Credentials {
  token: string;
  clientId: string | null;
}

/** The part of a connection that a session needs; tests have their own. */
export interface Link {
  readonly isUp: boolean;
  /** Counts connections: what belongs to an earlier one must not go on in a later. */
  readonly generation: number;
  /** `url` is the server's, when it is not the one that the page came from. */
  connect(credentials: Credentials, url?: string | null): void;
  disconnect(): void;
  /** Whether a connection to the server at `url` could be made. */
  reach(url: string): Promise<boolean>;
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

/** The library comes while the page is being drawn and the token fetched, not before. */
const library = () => import('socket.io-client');

export class SocketLink implements Link {
  generation = 0;
  #socket: Socket | null = null;
  #url: string | null = null;
  #credentials: Credentials | null = null;

  constructor(private readonly handlers: SocketHandlers) {
    library().catch(() => undefined);
  }

  get isUp(): boolean {
    return this.#socket?.connected ?? false;
  }

  connect(credentials: Credentials, url: string | null = null): void {
    this.#credentials = credentials;
    library().then(
      ({ io }) => {
        if (this.#credentials !== credentials) return;
        if (url !== this.#url) this.#drop();
        this.#url = url;
        this.#socket ??= this.#make(io);
        this.#socket.connect();
      },
      () => {
        if (this.#credentials !== credentials) return;
        this.handlers.down(null);
        // Without it there is no connection ever, and this page will not get it any more.
        void freshPage();
      }
    );
  }

  disconnect(): void {
    this.#credentials = null;
    this.#socket?.disconnect();
  }

  reach(url: string): Promise<boolean> {
    const address = new URL(`${PATH}?EIO=4&transport=websocket`, url);
    address.protocol = address.protocol.replace('http', 'ws');
    // Making one throws where a secure page may not open an insecure socket.
    return new Promise<boolean>((resolve) => {
      const probe = new WebSocket(address);
      const timer = setTimeout(() => end(false), CONNECT_MS);
      const end = (isReached: boolean) => {
        clearTimeout(timer);
        probe.close();
        resolve(isReached);
      };
      probe.onopen = () => end(true);
      probe.onerror = () => end(false);
    }).catch(() => false);
  }

  request<T>(
    name: string,
    payload: unknown,
    schema: v.GenericSchema<unknown, T>,
    answer: (reply: Reply<T>) => void
  ): void {
    const socket = this.#socket;
    if (!socket?.connected) return answer({ kind: 'lost' });
    socket.timeout(REPLY_MS).emit(name, payload, (error: Error | null, reply: unknown) => {
      if (!error) return answer(readReply(schema, reply));
      answer({ kind: 'lost' });
      // An answer that does not come means that the line or the server hangs: only a new connection tells.
      if (socket.connected) socket.disconnect();
    });
  }

  sendVolatile(name: string, payload: unknown): void {
    if (this.isUp) this.#socket?.volatile.emit(name, payload);
  }

  #drop(): void {
    this.#socket?.removeAllListeners().offAny();
    this.#socket?.disconnect();
    this.#socket = null;
  }

  #make(io: typeof import('socket.io-client').io): Socket {
    const { handlers } = this;
    const socket = io(this.#url ?? location.origin, {
      path: PATH,
      transports: ['websocket'],
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      timeout: CONNECT_MS,
      auth: (give) => give(this.#credentials ?? {})
    });
    socket.on('connect', () => {
      this.generation++;
      handlers.up();
    });
    socket.on('disconnect', () => handlers.down(null));
    socket.on('connect_error', (error: unknown) => {
      const parsed = v.safeParse(refusal, error);
      socket.disconnect();
      handlers.down(parsed.success ? parsed.output.data.code : null);
    });
    socket.onAny((name: string, payload: unknown) => handlers.event(name, payload));
    return socket;
  }
}
