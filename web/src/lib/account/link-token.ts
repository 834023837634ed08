/** The secret of a link: it stands behind `#`, which browsers send to nobody. */
import { ApiError } from '#lib/api/errors';

/** Of the page's address; empty where there is none. */
export function tokenInAddress(): string {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
}

/** The same, remembered in this tab: who has to sign in on the way comes back without what stood behind `#`. */
export function tokenKept(): string {
  const key = `notevault.link${location.pathname}`;
  const token = tokenInAddress() || (sessionStorage.getItem(key) ?? '');
  sessionStorage.setItem(key, token);
  return token;
}

/** Whether the server says that the link itself is at fault. */
export function isLinkGone(error: unknown): boolean {
  return (
    error instanceof ApiError && (error.status === 404 || error.problems.some(({ path }) => path === 'token'))
  );
}
