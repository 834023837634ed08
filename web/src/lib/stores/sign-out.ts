import { goto } from '$app/navigation';
import { wordsFor } from '#lib/api/calls';
import { t } from '#lib/i18n/index.svelte';
import { auth } from './auth.svelte';
import { toasts } from './toast.svelte';
import { workspaces } from './workspaces.svelte';

/** Ends the session on the server and goes to the sign-in page. What the server did not hear is told, not hidden. */
export async function signOut(): Promise<void> {
  try {
    await auth.signOut();
  } catch (error) {
    toasts.error(t(wordsFor(error)));
    return;
  }
  workspaces.clear();
  await goto('/login');
  // Last, because a workspace that was in sight stores itself as it goes.
  const { forgetDevice } = await import('#lib/collab/pending');
  await forgetDevice().catch((error: unknown) => console.warn('Notes stay stored on this device', error));
}
