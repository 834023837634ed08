/** What can be wrong with a field, in words. Loaded with the first refusal that names one. */
import { i18n } from './index.svelte';
import { en } from './problems/en';

/** Done when the words of the chosen language are there too. */
export const ready = i18n.add({
  en,
  load: {
    de: async () => (await import('./problems/de')).de,
    ar: async () => (await import('./problems/ar')).ar
  }
});
