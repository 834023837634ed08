/** For its effect: importing this makes the texts of webhooks and of the calendar's secret address known. */
import { i18n } from './index.svelte';
import { en } from './integrations/en';

void i18n.add({
  en,
  load: {
    de: async () => (await import('./integrations/de')).de,
    ar: async () => (await import('./integrations/ar')).ar
  }
});
