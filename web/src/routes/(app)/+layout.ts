import { redirect } from '@sveltejs/kit';
import { auth } from '#lib/stores/auth.svelte';
import type { LayoutLoad } from './$types';

/** Nothing behind this layout is shown to somebody who is not signed in. */
export const load: LayoutLoad = async ({ url, untrack }) => {
  const here = untrack(() => url.pathname + url.search);
  if (!(await auth.restore())) redirect(307, `/login?next=${encodeURIComponent(here)}`);
};
