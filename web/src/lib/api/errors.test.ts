import { afterEach, describe, expect, it } from 'vitest';
import { i18n } from '#lib/i18n/index.svelte';
import { errorOf, told, toldAt } from './errors';

const refused = (...details: unknown[]) =>
  errorOf(422, '', { error: { code: 'VALIDATION_FAILED', message: 'title: is required', details } });

afterEach(() => i18n.choose('en'));

describe('a form that the server refused', () => {
  it('is told at the field at fault, in the chosen language', async () => {
    await i18n.choose('de');
    const error = await refused({ path: 'title', message: 'is required', code: 'REQUIRED' });
    expect(toldAt(error, ['title', 'place'])).toEqual({ title: 'Bitte ausfüllen.' });
  });

  it('names the limit', async () => {
    await i18n.choose('de');
    const problem = { path: 'text', message: 'must have …', code: 'TOO_LONG', limit: 20_000 };
    expect(told(await refused(problem))).toBe('Höchstens 20.000 Zeichen.');
  });

  it('keeps the words of the server for a kind that is not known here', async () => {
    await i18n.choose('ar');
    for (const code of ['NEVER_SEEN', undefined]) {
      expect(told(await refused({ path: 'x', message: 'must be odd', code }))).toBe('Must be odd.');
    }
  });

  it('is told of the whole where it names no field of the form', async () => {
    const error = await refused({ path: 'tags.3', message: 'must be a word', code: 'MALFORMED' });
    expect(Object.keys(toldAt(error, ['tags']))).toEqual(['tags']);
    expect(Object.keys(toldAt(error, ['title']))).toEqual(['all']);
  });

  it('follows a change of the language', async () => {
    const error = await refused({ path: 'x', message: 'is required', code: 'REQUIRED' });
    expect(told(error)).toBe('Fill this in.');
    await i18n.choose('de');
    expect(told(error)).toBe('Bitte ausfüllen.');
  });
});

it('other details are no problems of fields', async () => {
  const error = await errorOf(409, '', { error: { code: 'OWNS_WORKSPACES', details: [{ name: 'x' }] } });
  expect(error.problems).toEqual([]);
});
