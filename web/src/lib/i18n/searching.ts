/** For its effect: importing this makes the texts of kept searches and of how to search known. */
import { i18n } from './index.svelte';
import { en } from './searching/en';

void i18n.add({
  en,
  load: {
    de: async () => (await import('./searching/de')).de,
    ar: async () => (await import('./searching/ar')).ar
  }
});
