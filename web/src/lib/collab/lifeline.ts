/**
 * Keeps a workspace connected for as long as it is open: tries again without end, wakes up with the browser,
 * renews the token. It knows the states of connection.ts and nothing of notes.
 */
import { nextState, retryDelay, type ConnectionEvent } from './connection';
import { EVENTS, drainingEvent } from './protocol';
import type { Link, SocketHandlers } from './socket';
import type { ConnectionState } from './types';
import * as v from 'valibot';

/** From the first byte to the namespace's answer. */
const CONNECT_MS = 15_000;
/** Who goes straight to the node that a workspace moved to does so within this time, not all at one moment. */
const MOVE_WITHIN_MS = 2_000;
const SIGNED_OUT = new Set(['UNAUTHENTICATED', 'TOKEN_EXPIRED']);

/** `isRenewed` asks for a token that was made just now, because the server did not take the last one. */
export type TokenSource = (isRenewed?: boolean) => Promise<string>;

/** Whether a token was refused, rather than out of reach. */
export function isSignedOut(error: unknown): boolean {
  const status = (error as { status?: unknown } | null)?.status;
  return status === 401 || status === 403;
}

export interface LifelineOptions {
  getToken: TokenSource;
  getClientId: () => string | null;
  makeLink: (handlers: SocketHandlers) => Link;
  onState: (state: ConnectionState) => void;
  /** The socket is up; join now. */
  onUp: () => void;
  onEvent: (name: string, payload: unknown) => void;
  /** The page is looked at again while connected: a good moment to see whether the line still lives. */
  onWake: () => void;
}

export class Lifeline {
  state: ConnectionState = 'idle';
  deniedReason: string | null = null;
  readonly link: Link;
  #attempt = 0;
  #refusals = 0;
  /** The node that the next connection goes straight to; null is the server that the page came from. */
  #direct: string | null = null;
  #moving: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #generation = 0;
  readonly #options: LifelineOptions;

  constructor(options: LifelineOptions) {
    this.#options = options;
    this.link = options.makeLink({
      up: () => this.#up(),
      down: (code) => this.#down(code),
      event: (name, payload) => this.#event(name, payload)
    });
  }

  open(): void {
    if (this.#dispatch('open') !== 'connecting') return;
    window.addEventListener('online', this.#online);
    window.addEventListener('offline', this.#offline);
    document.addEventListener('visibilitychange', this.#visible);
    if (!navigator.onLine) this.#dispatch('offline');
    void this.#try();
  }

  close(): void {
    this.#dispatch('close');
    this.#stop();
  }

  deny(reason: string): void {
    this.deniedReason = reason;
    this.#dispatch('denied');
    this.#stop();
  }

  joined(): void {
    this.#attempt = this.#refusals = 0;
    this.#dispatch('joined');
  }

  resync(): void {
    this.#dispatch('resync');
  }

  reconnectNow(): void {
    if (this.state === 'idle' || this.state === 'live' || this.state === 'joining') return;
    if (this.state === 'denied') {
      this.deniedReason = null;
      this.open();
      return;
    }
    this.#attempt = 0;
    void this.#try();
  }

  /** Drops the connection and tries anew after `delayMs`, or after the usual wait. */
  restart(delayMs: number | null = null): void {
    this.link.disconnect();
    this.#dispatch('down');
    this.#schedule(delayMs ?? retryDelay(this.#attempt++, Math.random()));
  }

  /**
   * Goes straight to the node at `url`, which has the workspace now. The way we are on leads there too and is only
   * longer: so there is no hurry, and it is left only for a node that can be reached from here.
   */
  async moveTo(url: string): Promise<void> {
    const { origin } = new URL(url);
    if (url === this.#moving || origin === new URL(this.#direct ?? location.origin).origin) return;
    const generation = this.link.generation;
    this.#moving = url;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * MOVE_WITHIN_MS));
    const isStill = () =>
      this.#moving === url && this.link.generation === generation && this.state === 'live';
    if (!isStill() || !(await this.link.reach(url)) || !isStill()) return;
    this.restart(0);
    this.#direct = origin === location.origin ? null : url;
  }

  #stop(): void {
    this.#generation++;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    window.removeEventListener('online', this.#online);
    window.removeEventListener('offline', this.#offline);
    document.removeEventListener('visibilitychange', this.#visible);
    this.link.disconnect();
  }

  #dispatch(event: ConnectionEvent): ConnectionState {
    const before = this.state;
    this.state = nextState(before, event);
    if (this.state !== before) this.#options.onState(this.state);
    return this.state;
  }

  get #isWanted(): boolean {
    return this.state !== 'idle' && this.state !== 'denied';
  }

  async #try(): Promise<void> {
    const generation = ++this.#generation;
    if (this.link.isUp) return;
    // Also the deadline of this try: whatever hangs, the next one comes.
    this.#schedule(CONNECT_MS);
    let token: string;
    try {
      token = await this.#options.getToken(this.#refusals > 0);
    } catch (error) {
      if (generation !== this.#generation) return;
      if (isSignedOut(error)) this.deny('UNAUTHENTICATED');
      else this.restart();
      return;
    }
    if (generation === this.#generation && this.#isWanted) {
      this.link.connect({ token, clientId: this.#options.getClientId() }, this.#direct);
    }
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#isWanted || this.link.isUp) return;
      this.link.disconnect();
      void this.#try();
    }, delayMs);
  }

  #up(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dispatch('up');
    this.#options.onUp();
  }

  #down(code: string | null): void {
    // The page's own server always knows the way.
    this.#direct = this.#moving = null;
    if (!this.#isWanted) return;
    if (code === 'FORBIDDEN') return this.deny(code);
    // The first refusal may be a token that ended on its way; the second, with a new one, is meant.
    if (code && SIGNED_OUT.has(code) && ++this.#refusals > 1) return this.deny('UNAUTHENTICATED');
    this.#dispatch('down');
    this.#schedule(retryDelay(this.#attempt++, Math.random()));
  }

  #event(name: string, payload: unknown): void {
    if (name === EVENTS.expired) void this.#renew();
    else if (name === EVENTS.revoked) this.deny('REVOKED');
    else if (name === EVENTS.draining) {
      const parsed = v.safeParse(drainingEvent, payload);
      // Spread over as long again, so that not all clients arrive together.
      const delay = parsed.success ? parsed.output.reconnectInMs : 1000;
      this.restart(delay + Math.random() * delay);
    } else this.#options.onEvent(name, payload);
  }

  async #renew(): Promise<void> {
    try {
      const token = await this.#options.getToken(true);
      this.link.request(EVENTS.refresh, { token }, v.unknown(), () => undefined);
    } catch {
      // The server closes the socket when no token comes; then the next try tells what is wrong.
    }
  }

  #online = (): void => {
    this.#dispatch('online');
    this.reconnectNow();
  };

  #offline = (): void => {
    this.#dispatch('offline');
    this.restart();
  };

  #visible = (): void => {
    if (document.visibilityState !== 'visible') return;
    if (this.link.isUp) this.#options.onWake();
    else this.reconnectNow();
  };
}
