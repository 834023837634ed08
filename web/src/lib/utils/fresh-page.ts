/**
 * Loads the page anew, if the server can be reached. Browsers remember that a module could not be fetched and do not ask
 * for it again while the page lives, so there is no other way to a part that is missing. What was written is stored.
 */
export async function freshPage(): Promise<boolean> {
  const answer = await fetch('/health', { cache: 'no-store' }).catch(() => null);
  if (answer?.ok) location.reload();
  return answer?.ok === true;
}
