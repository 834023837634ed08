import type { en as account } from './account/en';
import type { en as canvas } from './canvas/en';
import type { en as comments } from './comments/en';
import type { en as core } from './core/en';
import type { en as drafts } from './drafts/en';
import type { en as integrations } from './integrations/en';
import type { en as problems } from './problems/en';
import type { en as rest } from './rest/en';
import type { en as searching } from './searching/en';
import type { en as sharing } from './sharing/en';
import type { en as transfer } from './transfer/en';

/** A message that depends on a number `{n}`; the forms are those of Intl.PluralRules, `other` is always there. */
export type PluralForms = { readonly [form in Intl.LDMLPluralRule]?: string } & { readonly other: string };

export type Message = string | PluralForms;
type English = typeof account &
  typeof canvas &
  typeof comments &
  typeof core &
  typeof drafts &
  typeof integrations &
  typeof problems &
  typeof searching &
  typeof rest &
  typeof sharing &
  typeof transfer;
export type Key = keyof English;

/** Another language: the same keys, text for text and plural for plural. */
export type CatalogOf<E> = { readonly [K in keyof E]: E[K] extends string ? string : PluralForms };
export type Catalog = CatalogOf<English>;

type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type PlaceholdersOf<M> = M extends string
  ? Names<M>
  : M extends { readonly other: infer S extends string }
    ? Names<S> | 'n'
    : never;

/** The arguments that `t` needs for a key: none, or a value for every placeholder. */
export type Args<K extends Key> = [PlaceholdersOf<English[K]>] extends [never]
  ? []
  : [values: { readonly [P in PlaceholdersOf<English[K]>]: string | number }];

/** The keys whose text needs no arguments: those that may be kept in tables. */
export type PlainKey = { [K in Key]: Args<K> extends [] ? K : never }[Key];

/** Fills `{name}` placeholders; an unknown one stays visible, so that a mistake is seen. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function pickForm(message: Message, rules: Intl.PluralRules, n: number): string {
  return typeof message === 'string' ? message : (message[rules.select(n)] ?? message.other);
}
