/** For its effect: importing this makes the texts of sharing known. */
import { i18n } from './index.svelte';
import { en } from './sharing/en';

void i18n.add({
  en,
  load: {
    de: async () => (await import('./sharing/de')).de,
    ar: async () => (await import('./sharing/ar')).ar
  }
});
