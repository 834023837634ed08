/** Mentions in a plain field: `@Ada Byron` while one writes, `@[Ada Byron](id)` on the wire. Pure. */
import { MENTION, mentionOf } from '#lib/editor/references';

/** Ids by the names as they stand in the field. */
export type Named = ReadonlyMap<string, string>;

/** What the field shows of a stored text, and whom its names mean. */
export function toField(text: string): { text: string; named: Named } {
  const named = new Map<string, string>();
  const shown = text.replace(MENTION, (_whole, name: string, id: string) => {
    named.set(name, id);
    return `@${name}`;
  });
  return { text: shown, named };
}

/** The field's text with every name that was picked as a mention; of two names the longer wins. */
export function fromField(text: string, named: Named): string {
  const names = [...named.keys()].sort((a, b) => b.length - a.length);
  if (names.length === 0) return text;
  const escaped = names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(`@(${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
  return text.replace(pattern, (_whole, name: string) => mentionOf(name, named.get(name)!));
}

/** What is being typed after an `@` before the caret; null when nothing is. */
export function mentionBefore(text: string, caret: number): { from: number; typed: string } | null {
  const found = /(?:^|[\s(])@([\p{L}\p{N}.'-]*(?: [\p{L}\p{N}.'-]*)?)$/u.exec(text.slice(0, caret));
  return found ? { from: caret - found[1]!.length - 1, typed: found[1]! } : null;
}

const MOST_QUOTED = 60;

/** The first words of a stored text, to say which is meant. */
export function beginningOf(text: string): string {
  const signs = [...toField(text).text];
  return signs.length > MOST_QUOTED ? `${signs.slice(0, MOST_QUOTED).join('')}…` : signs.join('');
}
