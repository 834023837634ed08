/** Stores what a page would lose; answers whether nothing would be. */
type Keeper = () => Promise<boolean>;

const keepers = new Set<Keeper>();
let isKept = false;

/** Has `keep` called before the page is loaded anew; returns what ends that. */
export function keepBeforeFreshPage(keep: Keeper): () => void {
  keepers.add(keep);
  return () => keepers.delete(keep);
}

/** Whether the page is being loaded anew with everything stored: then nobody needs to be asked. */
export const isLeftSafely = (): boolean => isKept;

/**
 * Loads the page anew, if the server can be reached. Browsers remember that a module could not be fetched and do not ask
 * for it again while the page lives, so there is no other way to a part that is missing. What was written is stored.
 */
export async function freshPage(): Promise<boolean> {
  const answer = await fetch('/health', { cache: 'no-store' }).catch(() => null);
  if (!answer?.ok) return false;
  isKept = (await Promise.all([...keepers].map((keep) => keep()))).every(Boolean);
  location.reload();
  return true;
}
