/** For its effect: importing this makes the texts of bringing in and taking out known. */
import { i18n } from './index.svelte';
import { en } from './transfer/en';

void i18n.add({
  en,
  load: {
    de: async () => (await import('./transfer/de')).de,
    ar: async () => (await import('./transfer/ar')).ar
  }
});
