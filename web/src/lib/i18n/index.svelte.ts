import { en } from './core/en';
import { type Args, type Catalog, fill, type Key, pickForm } from './messages';

export const LOCALES = ['en', 'de', 'ar'] as const;
export type Locale = (typeof LOCALES)[number];
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: 'English', de: 'Deutsch', ar: 'العربية' };

const STORAGE_KEY = 'notevault.locale';

/** A part of the texts: English at once, the other languages when they are chosen. */
export interface Texts {
  readonly en: Partial<Catalog>;
  readonly load: Readonly<Record<Exclude<Locale, 'en'>, () => Promise<Partial<Catalog>>>>;
}

// English is always there, so that the first paint waits for nothing.
const core: Texts = {
  en,
  load: {
    de: async () => (await import('./core/de')).de,
    ar: async () => (await import('./core/ar')).ar
  }
};

class I18n {
  locale = $state<Locale>('en');
  #parts: Texts[] = [core];
  #catalog = $state.raw<Partial<Catalog>>(en);
  #rules = $derived(new Intl.PluralRules(this.locale));
  direction = $derived<'ltr' | 'rtl'>(this.locale === 'ar' ? 'rtl' : 'ltr');

  async choose(locale: Locale): Promise<void> {
    const parts = [...this.#parts];
    const texts = await Promise.all(parts.map((part) => textsOf(part, locale)));
    this.#catalog = Object.assign({}, ...parts.map((part) => part.en), ...texts) as Partial<Catalog>;
    this.locale = locale;
    // What was added meanwhile came in the language of before.
    for (const late of this.#parts.slice(parts.length)) await this.#take(late);
    localStorage.setItem(STORAGE_KEY, locale);
  }

  /** Adds the texts of more pages, done when the chosen language has them. Until then, they are English. */
  async add(part: Texts): Promise<void> {
    if (this.#parts.includes(part)) return;
    this.#parts.push(part);
    this.#catalog = { ...part.en, ...this.#catalog };
    if (this.locale !== 'en') await this.#take(part).catch(() => undefined);
  }

  has(key: string): key is Key {
    return key in this.#catalog;
  }

  async #take(part: Texts): Promise<void> {
    const { locale } = this;
    const texts = await textsOf(part, locale);
    if (this.locale === locale) this.#catalog = { ...this.#catalog, ...texts };
  }

  /** The language chosen before, else the browser's, else English. Call once in the browser. */
  async start(): Promise<void> {
    const wanted = [localStorage.getItem(STORAGE_KEY) ?? '', ...navigator.languages];
    const found = wanted
      .map((tag) => tag.slice(0, 2).toLowerCase())
      .find((tag): tag is Locale => (LOCALES as readonly string[]).includes(tag));
    if (found && found !== this.locale) await this.choose(found);
  }

  translate<K extends Key>(key: K, ...args: Args<K>): string {
    const values = (args[0] ?? {}) as Readonly<Record<string, string | number>>;
    return fill(pickForm(this.#catalog[key] ?? key, this.#rules, Number(values['n'] ?? 0)), values);
  }
}

async function textsOf(part: Texts, locale: Locale): Promise<Partial<Catalog>> {
  return locale === 'en' ? part.en : part.load[locale]();
}

export const i18n = new I18n();

/** The words for a key in the chosen language; reactive wherever it is called from a template or an effect. */
export function t<K extends Key>(key: K, ...args: Args<K>): string {
  return i18n.translate(key, ...args);
}

/** "3 minutes ago", in the chosen language. `now` is a time in milliseconds. */
export function relativeTime(iso: string, now: number = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  const format = new Intl.RelativeTimeFormat(i18n.locale, { numeric: 'auto', style: 'short' });
  const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
    ['year', 31_536_000],
    ['month', 2_592_000],
    ['week', 604_800],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60]
  ];
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(0, 'second');
}

export function formatDate(iso: string): string {
  return new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium' }).format(new Date(iso));
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(i18n.locale).format(value);
}

/** The hour and minute of a time. */
export function formatTime(iso: string): string {
  return new Intl.DateTimeFormat(i18n.locale, { timeStyle: 'short' }).format(new Date(iso));
}

/** "3.4 MB", in steps of 1024. */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log2(bytes) / 10) : 0);
  return new Intl.NumberFormat(i18n.locale, {
    style: 'unit',
    unit: units[step]!,
    unitDisplay: step ? 'short' : 'long',
    maximumFractionDigits: step ? 1 : 0
  }).format(bytes / 1024 ** step);
}
