import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Toasts } from './toast.svelte';

describe('Toasts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('goes by itself, later with an action, and waits while pointed at', () => {
    const toasts = new Toasts();
    toasts.show('short');
    const pointed = toasts.show('with undo', { action: { label: 'Undo', run: () => undefined } });
    vi.advanceTimersByTime(5_000);
    expect(toasts.items.map((item) => item.text)).toEqual(['with undo']);
    toasts.pause(pointed);
    vi.advanceTimersByTime(60_000);
    expect(toasts.items).toHaveLength(1);
    toasts.resume(pointed);
    vi.advanceTimersByTime(9_000);
    expect(toasts.items).toHaveLength(0);
  });

  it('holds four; the oldest makes room', () => {
    const toasts = new Toasts();
    for (const text of ['1', '2', '3', '4', '5']) toasts.show(text);
    expect(toasts.items.map((item) => item.text)).toEqual(['2', '3', '4', '5']);
  });

  it('keeps what stays until it is answered, whatever comes after', () => {
    const toasts = new Toasts();
    const kept = toasts.show('kept', { stays: true });
    for (const text of ['1', '2', '3', '4', '5']) toasts.show(text);
    expect(toasts.items.map((item) => item.text)).toEqual(['kept', '2', '3', '4', '5']);
    vi.advanceTimersByTime(60_000);
    expect(toasts.items.map((item) => item.text)).toEqual(['kept']);
    toasts.dismiss(kept);
    expect(toasts.items).toEqual([]);
  });
});
