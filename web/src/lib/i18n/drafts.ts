/** For its effect: importing this makes the texts of words that found no place known. */
import { en } from './drafts/en';
import { i18n } from './index.svelte';

void i18n.add({
  en,
  load: {
    de: async () => (await import('./drafts/de')).de,
    ar: async () => (await import('./drafts/ar')).ar
  }
});
