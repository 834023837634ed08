import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({
      pages: '../nvserver/_web',
      assets: '../nvserver/_web',
      fallback: '200.html',
      precompress: true
    }),
    csp: {
      mode: 'hash',
      directives: { 'script-src': ['self'] }
    },
    // The default name is a timestamp; a hash of the sources makes two builds of one commit byte-identical. Open pages
    // ask now and then, and when the line comes back, whether theirs is still the one that is served.
    version: { name: process.env.NOTEVAULT_WEB_VERSION ?? 'dev', pollInterval: 300_000 }
  }
};
