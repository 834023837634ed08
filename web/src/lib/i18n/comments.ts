/** For its effect: importing this makes the texts of comments known. */
import { en } from './comments/en';
import { i18n } from './index.svelte';

void i18n.add({
  en,
  load: {
    de: async () => (await import('./comments/de')).de,
    ar: async () => (await import('./comments/ar')).ar
  }
});
