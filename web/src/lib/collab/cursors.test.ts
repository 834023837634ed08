import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CursorSender } from './cursors';
import { peopleOf } from './presence';
import type { Presence, Status } from './types';

describe('the own pointer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is sent at most 20 times a second, and its last place always', () => {
    const sent: number[] = [];
    const sender = new CursorSender<number>(
      (value) => sent.push(value),
      () => vi.getMockedSystemTime()!.getTime()
    );
    for (let i = 0; i < 1_000; i++) {
      sender.push(i);
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(50);
    expect(sent.length).toBeGreaterThanOrEqual(19);
    expect(sent.length).toBeLessThanOrEqual(21);
    expect(sent[0]).toBe(0);
    expect(sent.at(-1)).toBe(999);
  });

  it('is not sent after it stopped', () => {
    const sent: number[] = [];
    const sender = new CursorSender<number>(
      (value) => sent.push(value),
      () => vi.getMockedSystemTime()!.getTime()
    );
    sender.push(1);
    sender.push(2);
    sender.stop();
    vi.advanceTimersByTime(1_000);
    expect(sent).toEqual([1]);
  });
});

it('counts a person with two tabs once, by the more awake', () => {
  const entry = (userId: string, clientId: string, status: Status): Presence => ({
    ...{ userId, clientId, status, userName: userId, avatarUrl: null, color: '', lastSeen: '' }
  });
  const people = peopleOf([entry('b', '1', 'away'), entry('b', '2', 'online'), entry('a', '3', 'busy')]);
  expect(people.map(({ clientId }) => clientId)).toEqual(['3', '2']);
});
