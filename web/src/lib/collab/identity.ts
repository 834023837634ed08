/**
 * Which client id a tab goes by. A tab that is opened again takes its old one back, with what it had not sent; a
 * second tab never gets that of a first that still lives: an identity belongs to who holds its Web Lock.
 */
import { type IdentityRecord, PendingStore } from './pending';

const LAST_KEY = 'notevault.identity.';
/** How long to wait for the lock of the page that this one replaces. */
const HANDOVER_MS = 1_000;

export interface Claim {
  record: IdentityRecord;
  release(): void;
}

/** Takes a free identity for the workspace, or makes one. `userId` null: whoever used it last (no line, no token). */
export async function claimIdentity(
  store: PendingStore,
  workspaceId: string,
  userId: string | null
): Promise<Claim | null> {
  const known = await store.identities(workspaceId);
  const owner = userId ?? known.toSorted((a, b) => b.usedAt - a.usedAt)[0]?.userId;
  if (!owner) return null;
  const own = known.filter((record) => record.userId === owner);
  const last = sessionStorage.getItem(LAST_KEY + workspaceId);
  const candidates = own.toSorted((a, b) => Number(b.key === last) - Number(a.key === last));
  for (const { key } of candidates) {
    const release = await lock(key, key === last ? HANDOVER_MS : 0);
    // Read again: the tab that held it may have written since.
    const record = release && (await store.identity(key));
    if (record) return keep(record, release);
    release?.();
  }
  const key = `${workspaceId}/${newId()}`;
  const release = await lock(key, 0);
  const record = {
    key,
    userId: owner,
    workspaceId,
    clientId: null,
    nextClientSeq: 1,
    commands: [],
    usedAt: 0
  };
  return keep(record, release ?? (() => undefined));
}

/**
 * Waits until the tab that holds an identity is gone, then claims it if it left anything unsent. Resolves with null
 * when there is nothing to send or the wait is aborted.
 */
export async function claimAbandoned(
  store: PendingStore,
  key: string,
  signal: AbortSignal
): Promise<Claim | null> {
  const release = await lock(key, null, signal);
  if (!release) return null;
  const record = (await store.hasUnsent(key)) ? await store.identity(key) : undefined;
  if (record) return { record, release };
  release();
  return null;
}

function keep(record: IdentityRecord, release: () => void): Claim {
  sessionStorage.setItem(LAST_KEY + record.workspaceId, record.key);
  return { record, release };
}

/** Holds the lock until the returned function is called; null when it is not free after `waitMs` (null: no limit). */
async function lock(key: string, waitMs: number | null, signal?: AbortSignal): Promise<(() => void) | null> {
  // Without a secure context there are no locks; then only the same tab finds its identity, by its session storage.
  if (!navigator.locks) {
    const last = sessionStorage.getItem(LAST_KEY + key.slice(0, key.indexOf('/')));
    return waitMs !== null && (last === null || last === key) ? () => undefined : null;
  }
  const name = `notevault.${key}`;
  const options: LockOptions =
    waitMs === 0 ? { ifAvailable: true } : { signal: signal ?? AbortSignal.timeout(waitMs ?? 0) };
  return new Promise((resolve) => {
    navigator.locks
      .request(name, options, (held) => {
        if (!held) return resolve(null);
        return new Promise<void>((free) => resolve(free));
      })
      .catch(() => resolve(null));
  });
}

/** `crypto.randomUUID` is missing where the page is not served securely. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The user of an access token; the server judges the token, this only names local storage. */
export function userOf(token: string): string | null {
  try {
    const payload = token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/');
    const claims = JSON.parse(atob(payload)) as { userId?: unknown };
    return typeof claims.userId === 'string' ? claims.userId : null;
  } catch {
    return null;
  }
}
