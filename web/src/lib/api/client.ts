import { ApiError, errorFrom } from './errors';
import type { Session } from './types';

export interface RequestOptions {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly signal?: AbortSignal;
  /** Under the same key the server does it once, however often it is asked. */
  readonly idempotencyKey?: string;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Runs one holder at a time among all tabs of this browser. */
type Lock = <T>(work: () => Promise<T>) => Promise<T>;

export interface ClientParts {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly lock: Lock;
}

const EARLY_MS = 30_000;
const REQUEST_DEADLINE_MS = 20_000;

/**
 * Speaks the REST contract. The access token lives in memory only; the refresh token is a cookie that scripts cannot read.
 * A refresh token may be used once, and its second use ends the whole session: so refreshes run one at a time, in this tab
 * (one shared promise) and among tabs (a lock; the cookie jar is shared, so the next holder sends the new cookie).
 */
export class ApiClient {
  #token: string | null = null;
  #expiresAt = 0;
  #refreshing: Promise<Session> | null = null;
  /** Told when the session ended on the server's side. */
  onSignedOut: (() => void) | null = null;

  constructor(private readonly parts: ClientParts) {}

  /** Takes the session of a sign-in; `null` forgets it. */
  hold(session: Session | null): void {
    this.#token = session?.accessToken ?? null;
    this.#expiresAt = session ? this.parts.now() + session.expiresIn * 1000 : 0;
  }

  /** An access token that is good for the next half minute. */
  async getToken(): Promise<string> {
    if (this.#token && this.parts.now() < this.#expiresAt - EARLY_MS) return this.#token;
    return (await this.refresh()).accessToken;
  }

  /** Trades the cookie for a new access token. Callers at the same time share one request. */
  refresh(): Promise<Session> {
    this.#refreshing ??= this.parts
      .lock(() => this.#send<Session>('POST', '/api/auth/refresh', { body: {} }, null))
      .then((session) => {
        this.hold(session);
        return session;
      })
      .catch((error: unknown) => {
        if (error instanceof ApiError && (error.status === 401 || error.status === 403)) this.#end();
        throw error;
      })
      .finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  /** A request with the access token, which is renewed once when the server says that it ended. */
  async request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
    const token = await this.getToken();
    try {
      return await this.#send<T>(method, path, options, token);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      // Another request may have renewed it in the meantime; then there is nothing to renew.
      const renewed = this.#token && this.#token !== token ? this.#token : (await this.refresh()).accessToken;
      return this.#send<T>(method, path, options, renewed);
    }
  }

  /** A request that needs no session: registering and signing in. */
  requestAnonymously<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
    return this.#send<T>(method, path, options, null);
  }

  /** A file that only the signed in may read. */
  async blob(path: string): Promise<Blob> {
    const get = async (token: string) => {
      const response = await this.parts
        .fetch(path, { headers: { Authorization: `Bearer ${token}` }, credentials: 'same-origin' })
        .catch((error: unknown) => {
          throw new ApiError(0, 'OFFLINE', String(error));
        });
      if (!response.ok) throw await errorFrom(response);
      return response.blob();
    };
    return get(await this.getToken());
  }

  #end(): void {
    this.hold(null);
    this.onSignedOut?.();
  }

  async #send<T>(method: Method, path: string, options: RequestOptions, token: string | null): Promise<T> {
    const headers = new Headers({ Accept: 'application/json' });
    if (options.body !== undefined && !(options.body instanceof FormData))
      headers.set('Content-Type', 'application/json');
    if (options.idempotencyKey) headers.set('Idempotency-Key', options.idempotencyKey);
    if (token) headers.set('Authorization', `Bearer ${token}`);
    const deadline = AbortSignal.timeout(REQUEST_DEADLINE_MS);
    const response = await this.parts
      .fetch(path + queryString(options.query), {
        method,
        headers,
        body: encodeBody(options.body),
        credentials: 'same-origin',
        signal: options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
      })
      .catch((error: unknown) => {
        if (options.signal?.aborted) throw error;
        throw new ApiError(0, 'OFFLINE', String(error));
      });
    if (!response.ok) throw await errorFrom(response);
    // 204 has no body, and neither has a 202 that only says that something is on its way.
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

function encodeBody(body: unknown): BodyInit | undefined {
  if (body === undefined) return undefined;
  return body instanceof FormData ? body : JSON.stringify(body);
}

function queryString(query: RequestOptions['query']): string {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  return entries.length
    ? `?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))}`
    : '';
}

const lockAmongTabs: Lock = (work) =>
  'locks' in navigator ? navigator.locks.request('notevault.refresh', work) : work();

export const client = new ApiClient({
  fetch: (...args) => fetch(...args),
  now: () => Date.now(),
  lock: lockAmongTabs
});
