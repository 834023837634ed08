import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';

const server = process.env.NOTEVAULT_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [tailwindcss(), sveltekit()],
  // No data: URIs: the content security policy allows fonts and styles from the server only.
  build: {
    manifest: true,
    assetsInlineLimit: 0,
    // Texts are reckoned with before any editor is shown, so the document loads without its view; and the view, the
    // largest library here, is a chunk of its own that changes only with the library.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'codemirror-state', test: /node_modules\/@codemirror\/state\//, priority: 2 },
            { name: 'codemirror-view', test: /node_modules\/@codemirror\/view\//, priority: 1 }
          ]
        }
      }
    }
  },
  // Component tests need the browser build of Svelte, which mounts; node would pick the server one.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : undefined,
  server: {
    proxy: {
      '/api': server,
      '/socket.io': { target: server, ws: true }
    }
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    reporters: process.env.VITEST_JUNIT
      ? ['default', ['junit', { outputFile: process.env.VITEST_JUNIT }]]
      : ['default']
  }
});
