import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextState, retryDelay, type ConnectionEvent } from './connection';
import type { ConnectionState } from './types';

const EVENTS: ConnectionEvent[] = [
  'open',
  'up',
  'joined',
  'resync',
  'down',
  'offline',
  'online',
  'denied',
  'close'
];
const run = (...events: ConnectionEvent[]) => events.reduce<ConnectionState>(nextState, 'idle');

describe('the connection', () => {
  it('goes the usual ways', () => {
    expect(run('open')).toBe('connecting');
    expect(run('open', 'down', 'down')).toBe('connecting');
    expect(run('open', 'up', 'joined')).toBe('live');
    expect(run('open', 'up', 'joined', 'down')).toBe('stale');
    expect(run('open', 'up', 'joined', 'down', 'up', 'joined')).toBe('live');
    expect(run('open', 'up', 'joined', 'resync')).toBe('joining');
    expect(run('open', 'up', 'joined', 'offline', 'down', 'online')).toBe('stale');
    expect(run('open', 'offline', 'up', 'joined')).toBe('live');
    expect(run('open', 'up', 'denied', 'up', 'down', 'offline')).toBe('denied');
    expect(run('open', 'up', 'denied', 'open')).toBe('connecting');
  });

  it('is live only after joining, and is never stuck: it can always be closed and opened', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS)), (events) => {
        const state = run(...events);
        if (state === 'live') expect(events.lastIndexOf('joined')).toBeGreaterThan(events.lastIndexOf('up'));
        expect(nextState(nextState(state, 'close'), 'open')).toBe('connecting');
      })
    );
  });
});

describe('the wait before a retry', () => {
  it('grows, has a bound and something of chance, and never ends', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, chance) => {
        const delay = retryDelay(attempt, chance);
        expect(delay).toBeGreaterThanOrEqual(150);
        expect(delay).toBeLessThanOrEqual(15_000);
        expect(retryDelay(attempt + 1, chance)).toBeGreaterThanOrEqual(delay);
      })
    );
    expect(retryDelay(3, 0.9)).toBeGreaterThan(retryDelay(3, 0.1));
  });
});
