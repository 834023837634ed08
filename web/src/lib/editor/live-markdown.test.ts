import { ensureSyntaxTree } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { liveMarkdown, LONGEST_PARAGRAPH } from './live-markdown';

const LINE = '2026-11-28 12:00:00 *INFO* nothing has happened\n';
const ENOUGH_MS = 30_000;

function parsed(doc: string): EditorState {
  const state = EditorState.create({ doc, extensions: [liveMarkdown] });
  ensureSyntaxTree(state, state.doc.length, ENOUGH_MS);
  return state;
}

function paragraphs(state: EditorState): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  ensureSyntaxTree(state, state.doc.length, ENOUGH_MS)!.iterate({
    enter: ({ name, from, to }) => void (name === 'Paragraph' && found.push({ from, to }))
  });
  return found;
}

describe('text without blank lines', () => {
  it('is parsed in pieces, of which a key touches few', () => {
    const doc = LINE.repeat(4_000);
    const found = paragraphs(parsed(doc));
    expect(found.length).toBeGreaterThan(30);
    for (const { from, to } of found) expect(to - from).toBeLessThan(LONGEST_PARAGRAPH + 2 * LINE.length);
    expect(found[0]!.from).toBe(0);
    expect(found.at(-1)!.to).toBe(doc.trimEnd().length);
  });

  it('stays one paragraph as long as people write them', () => {
    expect(paragraphs(parsed(LINE.repeat(60)))).toHaveLength(1);
  });
});
