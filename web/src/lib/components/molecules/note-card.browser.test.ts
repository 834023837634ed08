import { render } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { note } from '#lib/canvas/testing/local-session';
import type { NoteMeta } from '#lib/collab/types';
import NoteCard from './NoteCard.svelte';

function draw(more: Partial<NoteMeta>): HTMLElement {
  const shown = note('n', 0, 0, { size: { width: 180, height: 120 }, ...more });
  const rect = { ...shown.position, ...shown.size };
  const is = { isSelected: false, isActive: true, isDragged: false, canEdit: true };
  const { container } = render(NoteCard, {
    note: shown,
    rect,
    ...is,
    editors: [],
    onfocus: () => undefined
  });
  return container.querySelector<HTMLElement>('[data-note]')!;
}

const LONG_WORD = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.repeat(4);

describe('a card', () => {
  it('holds whatever is written on it', () => {
    const tags = ['one', LONG_WORD, 'three', 'four'];
    const card = draw({ title: LONG_WORD, excerpt: `${LONG_WORD}\n- [ ] ${LONG_WORD}`, tags });
    const edge = card.getBoundingClientRect();
    for (const part of card.querySelectorAll('.title, .excerpt, .tags')) {
      const box = part.getBoundingClientRect();
      expect(box.right).toBeLessThanOrEqual(edge.right);
      expect(box.bottom).toBeLessThanOrEqual(edge.bottom);
    }
  });

  it('turns to the side that its own text is read from', () => {
    const card = draw({ title: 'قائمة', excerpt: 'First\nالثاني' });
    expect(getComputedStyle(card.querySelector('.title')!).direction).toBe('rtl');
    expect(getComputedStyle(card.querySelector('.excerpt')!).direction).toBe('ltr');
  });

  it('shows text as text', () => {
    const card = draw({ title: '<img src=x onerror=alert(1)>', excerpt: '<b>bold</b> **strong**' });
    expect(card.querySelector('img, b')).toBeNull();
    expect(card.querySelector('.strong')?.textContent).toBe('strong');
  });
});
