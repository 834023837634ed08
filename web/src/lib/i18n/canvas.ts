/** For its effect: importing this makes the texts of the canvas known. */
import { i18n } from './index.svelte';
import { en } from './canvas/en';

void i18n.add({
  en,
  load: {
    de: async () => (await import('./canvas/de')).de,
    ar: async () => (await import('./canvas/ar')).ar
  }
});
