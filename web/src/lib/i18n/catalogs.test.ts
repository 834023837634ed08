import { describe, expect, it } from 'vitest';
import { ar as arAccount } from './account/ar';
import { de as deAccount } from './account/de';
import { en as enAccount } from './account/en';
import { ar as arCanvas } from './canvas/ar';
import { de as deCanvas } from './canvas/de';
import { en as enCanvas } from './canvas/en';
import { ar as arComments } from './comments/ar';
import { de as deComments } from './comments/de';
import { en as enComments } from './comments/en';
import { ar as arCore } from './core/ar';
import { de as deCore } from './core/de';
import { en as enCore } from './core/en';
import { ar as arIntegrations } from './integrations/ar';
import { de as deIntegrations } from './integrations/de';
import { en as enIntegrations } from './integrations/en';
import { ar as arProblems } from './problems/ar';
import { ar as arRest } from './rest/ar';
import { de as deProblems } from './problems/de';
import { de as deRest } from './rest/de';
import { en as enProblems } from './problems/en';
import { en as enRest } from './rest/en';
import { ar as arSharing } from './sharing/ar';
import { de as deSharing } from './sharing/de';
import { en as enSharing } from './sharing/en';
import { ar as arTransfer } from './transfer/ar';
import { de as deTransfer } from './transfer/de';
import { en as enTransfer } from './transfer/en';
import { ar as arDrafts } from './drafts/ar';
import { de as deDrafts } from './drafts/de';
import { en as enDrafts } from './drafts/en';
import { ar as arSearching } from './searching/ar';
import { de as deSearching } from './searching/de';
import { en as enSearching } from './searching/en';
import { fill, type Message, pickForm } from './messages';

const en = {
  ...enSearching,
  ...enDrafts,
  ...enIntegrations,
  ...enAccount,
  ...enCanvas,
  ...enComments,
  ...enCore,
  ...enProblems,
  ...enRest,
  ...enSharing,
  ...enTransfer
};
const de = {
  ...deSearching,
  ...deDrafts,
  ...deIntegrations,
  ...deAccount,
  ...deCanvas,
  ...deComments,
  ...deCore,
  ...deProblems,
  ...deRest,
  ...deSharing,
  ...deTransfer
};
const ar = {
  ...arSearching,
  ...arDrafts,
  ...arIntegrations,
  ...arAccount,
  ...arCanvas,
  ...arComments,
  ...arCore,
  ...arProblems,
  ...arRest,
  ...arSharing,
  ...arTransfer
};

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
const forms = (message: Message): [string, string][] =>
  typeof message === 'string' ? [['', message]] : (Object.entries(message) as [string, string][]);

describe.each([
  ['en', en],
  ['de', de],
  ['ar', ar]
])('%s', (locale, catalog) => {
  it('has the same keys as English', () => {
    expect(Object.keys(catalog).sort()).toEqual(Object.keys(en).sort());
  });

  it('is in no two parts at once', () => {
    const parts = [
      enSearching,
      enDrafts,
      enIntegrations,
      enAccount,
      enCanvas,
      enComments,
      enCore,
      enProblems,
      enRest,
      enSharing,
      enTransfer
    ];
    expect(parts.flatMap(Object.keys).length).toBe(Object.keys(en).length);
  });

  it('has the same placeholders as English in every form, and no empty text', () => {
    for (const [key, message] of Object.entries(catalog) as [keyof typeof en, Message][]) {
      const expected = placeholders(forms(en[key]).at(-1)![1]);
      for (const [form, text] of forms(message)) {
        expect(placeholders(text), `${locale} ${key} ${form}`).toEqual(expected);
        expect(text.trim(), `${locale} ${key} ${form}`).not.toBe('');
      }
    }
  });
});

describe('messages', () => {
  it('fills placeholders and leaves an unknown one visible', () => {
    expect(fill('{a} and {b}', { a: 'one' })).toBe('one and {b}');
  });

  it('takes the form of the language, and the general one where a form is missing', () => {
    const message = { one: 'x', few: 'y', other: 'z' };
    const arabic = new Intl.PluralRules('ar');
    expect([1, 3, 11].map((n) => pickForm(message, arabic, n))).toEqual(['x', 'y', 'z']);
  });
});
