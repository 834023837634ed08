import type { PageLoad } from './$types';

/**
 * What the page will need comes while it is found out who is here, not after: on a slow line each step counts. Whoever
 * needs a part asks for it again, and tells if it is missing.
 */
export const load: PageLoad = ({ url, untrack }) => {
  const coming: Promise<unknown>[] = [import('socket.io-client')];
  if (untrack(() => url.searchParams.has('note')))
    coming.push(
      import('#lib/components/organisms/EditorPanel.svelte'),
      import('#lib/components/organisms/NoteEditor.svelte')
    );
  void Promise.allSettled(coming);
};
