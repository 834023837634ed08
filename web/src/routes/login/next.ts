/** Where to go after signing in: a path of this site from `?next=`, else the start. Never another site. */
export function safeNext(location: { readonly search: string; readonly origin: string }): string {
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : null;
  return url && url.origin === location.origin && next.startsWith('/') ? url.pathname + url.search : '/';
}
