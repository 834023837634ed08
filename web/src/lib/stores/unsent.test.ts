import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '#lib/api/errors';
import { isWaiting, UnsentWords } from './unsent.svelte';

const PLACE = 'notevault.unsent.chat.me.w1';
const offline = () => Promise.reject(new ApiError(0, 'OFFLINE', ''));

describe('words that are not sent yet', () => {
  beforeEach(() => localStorage.clear());

  it('are found again by the next page, and go out in their order, each under its key', async () => {
    const before = new UnsentWords<string>(PLACE, offline);
    await before.add('first', 'a');
    await before.add('second', 'b');
    expect(before.items.every(isWaiting)).toBe(true);
    const sent: string[] = [];
    const after = new UnsentWords<string>(PLACE, async (what, key) => void sent.push(`${key} ${what}`));
    expect(after.items.map(({ what }) => what)).toEqual(['first', 'second']);
    await after.resume();
    expect(sent).toEqual(['a first', 'b second']);
    expect(after.items).toEqual([]);
    expect(localStorage.getItem(PLACE)).toBeNull();
  });

  it('are not sent twice at a time', async () => {
    let calls = 0;
    const words = new UnsentWords<string>(PLACE, async () => {
      calls++;
      await new Promise((resolve) => setTimeout(resolve));
    });
    await Promise.all([words.add('once', 'a'), words.retry('a'), words.resume()]);
    expect(calls).toBe(1);
  });

  it('stay where they are when they are refused, until somebody decides', async () => {
    const words = new UnsentWords<string>(PLACE, () => Promise.reject(new ApiError(403, 'FORBIDDEN', '')));
    await words.add('no', 'a');
    expect(words.items.map(isWaiting)).toEqual([false]);
    words.discard('a');
    expect(localStorage.getItem(PLACE)).toBeNull();
  });
});
