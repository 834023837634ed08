/** Parsers for code inside Markdown. What knows the languages is fetched with the first block of code. */
import { ParseContext } from '@codemirror/language';
import type { Parser } from '@lezer/common';

const loaded = new Map<string, Parser | null>();

/** For Markdown's `parseCode`: null leaves the block plain; while a language is on its way the block is skipped. */
export function codeParser(info: string): Parser | null {
  const name = /^[^\s{]*/.exec(info)?.[0].toLowerCase() ?? '';
  if (!name) return null;
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const coming = import('./code-languages')
    .then(({ codeLanguage }) => codeLanguage(name))
    .then(
      (support) => loaded.set(name, support?.language.parser ?? null),
      () => loaded.set(name, null)
    );
  return ParseContext.getSkippingParser(coming);
}
