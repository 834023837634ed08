import { render } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { BoardEdits } from '#lib/canvas/board-edits';
import { Board } from '#lib/canvas/board.svelte';
import { BoardLinks } from '#lib/canvas/links';
import { LocalSession, note } from '#lib/canvas/testing/local-session';
import { keys } from '#lib/keys/registry.svelte';
import WorldCanvas from './WorldCanvas.svelte';

const COLUMNS = 100;
let session: LocalSession;
let board: Board;

const canvas = () => page.getByRole('region', { name: 'Canvas' });
const cards = () => document.querySelectorAll('[data-note]');
const place = (id: string) => session.notes.get(id)!.position;

/** `count` notes in rows of a hundred, drawn on a canvas of 1000 by 700 pixels. */
async function draw(count: number, canEdit = true) {
  session = new LocalSession(
    Array.from({ length: count }, (_, n) =>
      note(`n${n}`, (n % COLUMNS) * 240, Math.floor(n / COLUMNS) * 140, { title: `Note ${n}` })
    )
  );
  board = new Board(session);
  const edits = new BoardEdits(board);
  const calls = {} as ConstructorParameters<typeof BoardLinks>[2];
  const links = new BoardLinks(board, edits.history, calls, () => undefined);
  const props = { board, edits, links, canEdit, areCursorsShown: true };
  const told = { onopen: vi.fn(), oncreate: vi.fn(), onduplicate: vi.fn(), onremove: vi.fn() };
  const ways = { onpoint: vi.fn(), onown: vi.fn(), onfollow: vi.fn() };
  const { container } = render(WorldCanvas, { ...props, ...told, ...ways });
  container.style.cssText = 'position: fixed; inset: 0; width: 1000px; height: 700px';
  await expect.poll(() => board.size.width).toBe(1000);
  return told;
}

// As the page's layout does.
addEventListener('keydown', (event) => keys.handle(event));
beforeEach(() => void (document.documentElement.dir = 'ltr'));

describe('the canvas', () => {
  it('draws only what is in sight as elements, and thousands as one picture with a list for who cannot see', async () => {
    await draw(5_000);
    board.setViewport({ x: 0, y: 0, zoom: 1 });
    await expect.poll(() => cards().length).toBeGreaterThan(10);
    expect(cards().length).toBeLessThan(150);
    board.fit(null, false);
    await expect.poll(() => document.querySelector('section.canvas canvas')).not.toBeNull();
    expect(document.querySelectorAll('section.canvas *').length).toBeLessThan(150);
    await canvas().click();
    await userEvent.keyboard('{Tab}');
    await expect.element(page.getByRole('option', { name: 'Note 0', exact: true })).toHaveFocus();
  });

  it('goes from note to note by key, opens one, and moves what is selected there and back', async () => {
    const { onopen } = await draw(300);
    board.setViewport({ x: 40, y: 40, zoom: 1 });
    await expect.poll(() => cards().length).toBeGreaterThan(0);
    canvas().element().focus();
    await userEvent.keyboard('{Tab}');
    await expect.element(page.getByRole('option', { name: /Note 0\b/ })).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}{ArrowDown}');
    await expect.poll(() => board.activeId).toBe('n101');
    await userEvent.keyboard('{Enter}');
    expect(onopen).toHaveBeenCalledWith('n101');
    board.select(['n0', 'n1', 'n101']);
    const before = ['n0', 'n1', 'n101'].map(place);
    await userEvent.keyboard('{Alt>}{Shift>}{ArrowRight}{/Shift}{/Alt}');
    const step = place('n0').x - before[0]!.x;
    expect(step).toBeGreaterThan(0);
    expect(['n0', 'n1', 'n101'].map(place)).toEqual(before.map(({ x, y }) => ({ x: x + step, y })));
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(['n0', 'n1', 'n101'].map(place)).toEqual(before);
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}');
    expect(place('n101').x).toBe(before[2]!.x + step);
  });

  it('keeps the focus on a note that is panned out of sight', async () => {
    await draw(400);
    board.setViewport({ x: 40, y: 40, zoom: 1 });
    await expect.poll(() => cards().length).toBeGreaterThan(0);
    canvas().element().focus();
    await userEvent.keyboard('{Tab}');
    await expect.poll(() => (document.activeElement as HTMLElement).dataset['note']).toBe('n0');
    const focused = document.activeElement;
    board.setViewport({ x: -9_000, y: 40, zoom: 1 });
    await expect.poll(() => document.querySelector('[data-note=n40]')).not.toBeNull();
    expect(document.activeElement).toBe(focused);
  });

  it('changes nothing for those who may only read', async () => {
    const { oncreate, onremove } = await draw(4, false);
    board.setViewport({ x: 40, y: 40, zoom: 1 });
    await expect.poll(() => cards().length).toBe(4);
    canvas().element().focus();
    await userEvent.keyboard('{Tab}{Alt>}{ArrowRight}{/Alt}{Delete}n');
    expect(session.updates).toBe(0);
    expect(oncreate).not.toHaveBeenCalled();
    expect(onremove).not.toHaveBeenCalled();
    expect(document.querySelector('[data-part]')).toBeNull();
  });

  it('shows where others point, at the pace they move', async () => {
    await draw(1);
    board.setViewport({ x: 0, y: 0, zoom: 2 });
    const cursor = { clientId: 'you', userId: 'u2', userName: 'Ben', color: '#888888', timestamp: 0 };
    session.cursors.set('you', { ...cursor, position: { x: 30, y: 40 } });
    await expect.element(page.getByText('Ben')).toBeVisible();
    const arrow = document.querySelector<HTMLElement>('.cursor')!;
    session.cursors.set('you', { ...cursor, position: { x: 60, y: 80 } });
    await expect.poll(() => arrow.style.translate).toBe('60px 80px');
    const [glide] = getComputedStyle(arrow).transitionDuration.split(', ');
    expect(parseFloat(glide!)).toBeGreaterThanOrEqual(0.07);
    expect(parseFloat(glide!)).toBeLessThanOrEqual(0.16);
    // It keeps its size, however near the canvas is.
    await expect.poll(() => arrow.querySelector('svg')!.getBoundingClientRect().width).toBeCloseTo(18, 0);
    session.cursors.delete('you');
    await expect.element(page.getByText('Ben')).not.toBeInTheDocument();
  });
});
