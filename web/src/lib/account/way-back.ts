/** What the person went to a provider for: kept in this tab while he is away. */
const NEXT = 'notevault.next';
const LINKING = 'notevault.linking';

/** To sign in, and to go there then. */
export function keepNext(next: string): void {
  sessionStorage.setItem(NEXT, next);
  sessionStorage.removeItem(LINKING);
}

/** To link the account that is signed in to the provider of that name. */
export function keepLinking(name: string): void {
  sessionStorage.setItem(LINKING, name);
}

/** A path of this site; the start when nothing was kept. */
export function takeNext(): string {
  const next = sessionStorage.getItem(NEXT) ?? '/';
  sessionStorage.removeItem(NEXT);
  return next;
}

/** The name of the provider, if the person went to link the account. */
export function takeLinking(): string | null {
  const name = sessionStorage.getItem(LINKING);
  sessionStorage.removeItem(LINKING);
  return name;
}
