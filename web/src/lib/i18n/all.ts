/** For its effect: importing this makes the texts of all pages known. Every page but the first ones does. */
import './canvas';
import { i18n } from './index.svelte';
import { en } from './rest/en';

void i18n.add({
  en,
  load: {
    de: async () => (await import('./rest/de')).de,
    ar: async () => (await import('./rest/ar')).ar
  }
});
