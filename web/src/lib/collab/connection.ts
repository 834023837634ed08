/** The states of the connection to a workspace, as one table; an event that is not legal in a state changes nothing. */
import type { ConnectionState } from './types';

export type ConnectionEvent =
  'open' | 'up' | 'joined' | 'resync' | 'down' | 'offline' | 'online' | 'denied' | 'close';

type Row = Partial<Record<ConnectionEvent, ConnectionState>>;

const always: Row = { denied: 'denied', close: 'idle', offline: 'offline' };

const TABLE: Record<ConnectionState, Row> = {
  idle: { open: 'connecting' },
  connecting: { ...always, up: 'joining' },
  joining: { ...always, joined: 'live', down: 'stale' },
  live: { ...always, down: 'stale', resync: 'joining' },
  stale: { ...always, up: 'joining' },
  // A browser that says it is offline may still reach a server on the same machine.
  offline: { ...always, up: 'joining', online: 'stale' },
  denied: { open: 'connecting', close: 'idle' }
};

export function nextState(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  return TABLE[state][event] ?? state;
}

const FIRST_DELAY_MS = 300;
const LONGEST_DELAY_MS = 15_000;

/**
 * Milliseconds to wait before try number `attempt` (0 is the first retry): doubling, with half of it left to
 * chance so that a thousand clients do not come back at once. There is no last try.
 * `chance` is a random number in [0, 1).
 */
export function retryDelay(attempt: number, chance: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 16));
  return ceiling / 2 + (chance * ceiling) / 2;
}
