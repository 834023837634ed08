import { describe, expect, it } from 'vitest';
import { ApiClient } from './client';
import { ApiError } from './errors';
import type { Session } from './types';

const user: Session['user'] = {
  id: 'u1',
  email: 'ada@example.org',
  displayName: 'Ada',
  avatarUrl: null,
  emailVerified: true,
  role: 'user',
  createdAt: '2026-01-01T00:00:00.000Z'
};

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
const refusal = (status: number, code: string) =>
  json(status, { error: { code, message: code, details: null } }, { 'X-Request-Id': 'req-1' });

/** A server of one cookie: every refresh gives the next token and the newest token alone is good. */
function server() {
  const seen: string[] = [];
  let issued = 0;
  let isRevoked = false;
  let now = 1_000_000;
  const fetch = async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const path = String(input);
    seen.push(`${init.method} ${path}`);
    await Promise.resolve();
    if (path === '/api/auth/refresh') {
      if (isRevoked) return refusal(401, 'UNAUTHENTICATED');
      return json(200, { user, accessToken: `t${++issued}`, expiresIn: 900 });
    }
    const token = new Headers(init.headers).get('Authorization');
    if (token !== `Bearer t${issued}`) return refusal(401, 'TOKEN_EXPIRED');
    if (path === '/api/gone') return refusal(404, 'NOTE_NOT_FOUND');
    if (path === '/api/nothing') return new Response(null, { status: 204 });
    if (path === '/api/on-its-way') return new Response('', { status: 202 });
    return json(200, { token });
  };
  const client = new ApiClient({
    fetch: fetch as typeof globalThis.fetch,
    now: () => now,
    lock: (work) => work()
  });
  return {
    client,
    seen,
    refreshes: () => seen.filter((line) => line.endsWith('/refresh')).length,
    revoke: () => (isRevoked = true),
    pass: (seconds: number) => (now += seconds * 1000)
  };
}

describe('ApiClient', () => {
  it('asks once for a token, however many calls wait for it', async () => {
    const { client, refreshes } = server();
    const answers = await Promise.all([1, 2, 3, 4].map(() => client.request('GET', '/api/x')));
    expect(answers).toEqual(Array(4).fill({ token: 'Bearer t1' }));
    expect(refreshes()).toBe(1);
  });

  it('renews a token that the server calls expired, once for all calls, and repeats them', async () => {
    const { client, refreshes } = server();
    client.hold({ user, accessToken: 'stale', expiresIn: 900 });
    const answers = await Promise.all([1, 2, 3].map(() => client.request('GET', '/api/x')));
    expect(answers).toEqual(Array(3).fill({ token: 'Bearer t1' }));
    expect(refreshes()).toBe(1);
  });

  it('renews before the end of a token', async () => {
    const { client, refreshes, pass } = server();
    await client.request('GET', '/api/x');
    pass(860);
    await client.getToken();
    expect(refreshes()).toBe(1);
    pass(15);
    await client.getToken();
    expect(refreshes()).toBe(2);
  });

  it('says that the session ended and does not try for ever', async () => {
    const { client, revoke, seen } = server();
    let told = 0;
    client.onSignedOut = () => told++;
    client.hold({ user, accessToken: 'stale', expiresIn: 900 });
    revoke();
    await expect(client.request('GET', '/api/x')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      status: 401
    });
    expect(told).toBe(1);
    expect(seen).toEqual(['GET /api/x', 'POST /api/auth/refresh']);
  });

  it('gives errors by code, with the reference of the request', async () => {
    const { client } = server();
    await expect(client.request('GET', '/api/gone')).rejects.toMatchObject({
      name: 'ApiError',
      status: 404,
      code: 'NOTE_NOT_FOUND',
      requestId: 'req-1'
    });
  });

  it('takes an answer without a body', async () => {
    const { client } = server();
    expect(await client.request('DELETE', '/api/nothing')).toBeUndefined();
    expect(await client.request('POST', '/api/on-its-way')).toBeUndefined();
  });

  it('calls an unreachable server offline and keeps the session', async () => {
    let told = 0;
    const client = new ApiClient({
      fetch: () => Promise.reject(new TypeError('no route')),
      now: () => 0,
      lock: (work) => work()
    });
    client.onSignedOut = () => told++;
    await expect(client.request('GET', '/api/x')).rejects.toSatisfy(
      (error) => error instanceof ApiError && error.code === 'OFFLINE'
    );
    expect(told).toBe(0);
  });

  it('calls a page of a proxy unavailable', async () => {
    const client = new ApiClient({
      fetch: async () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
      now: () => 0,
      lock: (work) => work()
    });
    await expect(client.requestAnonymously('GET', '/api/x')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      status: 502
    });
  });
});
