/** For its effect: importing this makes the texts of codes, mails' links and the safety of an account known. */
import { en } from './account/en';
import { i18n } from './index.svelte';

void i18n.add({
  en,
  load: {
    de: async () => (await import('./account/de')).de,
    ar: async () => (await import('./account/ar')).ar
  }
});
