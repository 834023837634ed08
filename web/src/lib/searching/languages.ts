/** Languages whose words are found in their other forms, by their codes; those that the server knows twice stand once. */
import type { components } from '../api/schema';

export type SearchLanguage = NonNullable<components['schemas']['WorkspaceItem']['searchLanguage']>;

const CODES = {
  arabic: 'ar',
  armenian: 'hy',
  basque: 'eu',
  catalan: 'ca',
  czech: 'cs',
  danish: 'da',
  dutch: 'nl',
  english: 'en',
  esperanto: 'eo',
  estonian: 'et',
  finnish: 'fi',
  french: 'fr',
  german: 'de',
  greek: 'el',
  hindi: 'hi',
  hungarian: 'hu',
  indonesian: 'id',
  irish: 'ga',
  italian: 'it',
  lithuanian: 'lt',
  nepali: 'ne',
  norwegian: 'no',
  persian: 'fa',
  polish: 'pl',
  portuguese: 'pt',
  romanian: 'ro',
  russian: 'ru',
  serbian: 'sr',
  sesotho: 'st',
  spanish: 'es',
  swedish: 'sv',
  tamil: 'ta',
  turkish: 'tr',
  yiddish: 'yi'
} as const satisfies Partial<Record<SearchLanguage, string>>;

/** With their names in `locale`, in its order. */
export function searchLanguages(
  locale: string
): readonly { readonly value: SearchLanguage; readonly label: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'language' });
  return Object.entries(CODES)
    .map(([value, code]) => ({ value: value as SearchLanguage, label: names.of(code) ?? value }))
    .toSorted((one, other) => one.label.localeCompare(other.label, locale));
}
