/** Where to go after signing in by a provider: kept in this tab while the person is away. */
const KEY = 'notevault.next';

export function keepNext(next: string): void {
  sessionStorage.setItem(KEY, next);
}

/** A path of this site; the start when nothing was kept. */
export function takeNext(): string {
  const next = sessionStorage.getItem(KEY) ?? '/';
  sessionStorage.removeItem(KEY);
  return next;
}
