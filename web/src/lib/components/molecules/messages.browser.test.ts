import { render } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { toasts } from '#lib/stores/toast.svelte';
import ConfirmDialog from './ConfirmDialog.svelte';
import ConnectionBanner from './ConnectionBanner.svelte';
import ToastList from './ToastList.svelte';

describe('the banner of a broken line', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets a short gap pass, then says how much waits and offers to try now', async () => {
    const onreconnect = vi.fn();
    const { rerender } = render(ConnectionBanner, { state: 'live', waitingCount: 0, onreconnect });
    const status = document.querySelector('[role=status]')!;
    await rerender({ state: 'stale', waitingCount: 3 });
    vi.advanceTimersByTime(1_900);
    await rerender({ state: 'live' });
    vi.advanceTimersByTime(5_000);
    expect(status.textContent.trim()).toBe('');
    await rerender({ state: 'stale' });
    await vi.advanceTimersByTimeAsync(2_100);
    expect(status.textContent).toContain('3');
    status.querySelector('button')!.click();
    expect(onreconnect).toHaveBeenCalledOnce();
    await rerender({ state: 'live', waitingCount: 0 });
    expect(status.textContent.trim()).toBe('');
  });

  it('says at once that there is no line at all', async () => {
    const { rerender } = render(ConnectionBanner, {
      state: 'live',
      waitingCount: 0,
      onreconnect: () => undefined
    });
    await rerender({ state: 'offline' });
    expect(document.querySelector('.banner')).not.toBeNull();
  });
});

describe('a message with a way back', () => {
  afterEach(() => toasts.items.forEach(({ id }) => toasts.dismiss(id)));

  it('is read out, undone by key and gone', async () => {
    const run = vi.fn();
    render(ToastList);
    toasts.show('Note deleted', { action: { label: 'Undo', run } });
    const message = page.getByRole('status').getByText('Note deleted');
    await expect.element(message).toBeVisible();
    await userEvent.tab();
    await userEvent.keyboard('{Enter}');
    expect(run).toHaveBeenCalledOnce();
    await expect.element(message).not.toBeInTheDocument();
  });
});

describe('a question before something is lost', () => {
  const question = {
    title: 'Delete “Garden”?',
    text: 'Its 12 notes go with it.',
    action: 'Delete workspace'
  };

  it('keeps the focus inside, and Escape does nothing but close', async () => {
    const onconfirm = vi.fn();
    render(ConfirmDialog, { ...question, isOpen: true, onconfirm });
    await expect.element(page.getByRole('dialog', { name: question.title })).toBeVisible();
    for (let n = 0; n < 6; n++) {
      await userEvent.tab();
      const { activeElement } = document;
      expect(activeElement === document.body || activeElement?.closest('dialog')).toBeTruthy();
    }
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
    expect(onconfirm).not.toHaveBeenCalled();
  });

  it('stays open while it is being done, and closes after', async () => {
    let finish!: () => void;
    const done = new Promise<void>((resolve) => (finish = resolve));
    render(ConfirmDialog, { ...question, isOpen: true, onconfirm: () => done });
    const button = page.getByRole('button', { name: question.action });
    await button.click();
    await expect.element(button).toBeDisabled();
    finish();
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  });
});
