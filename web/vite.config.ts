import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { playwright } from '@vitest/browser-playwright';
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
            // What every page needs comes in few files: dozens of tiny ones are a fifth larger, and slower.
            { name: 'svelte', test: /node_modules\/(svelte|esm-env|clsx)\//, priority: 12 },
            {
              name: 'frame',
              test: /src\/lib\/(components\/atoms\/(Avatar|Brand|Button|IconButton|Kbd|Lazy|Menu|Skeleton|Spinner)|components\/molecules\/(EmptyState|ToastList|WorkspaceIcon)|stores\/(announcer|auth|theme|toast|ui|workspaces)\.|keys\/registry|i18n\/(index|core\/en)|api\/(call|calls|client|errors)\.|utils\/(fresh-page|roles|person-color))/,
              priority: 11
            },
            { name: 'codemirror-state', test: /node_modules\/@codemirror\/state\//, priority: 9 },
            { name: 'codemirror-view', test: /node_modules\/@codemirror\/view\//, priority: 8 },
            // A group takes what it needs with it, so what many need comes first. Languages of code blocks stay out of
            // the editor although the Markdown package names some of them, for what we do not use.
            { name: 'lezer-common', test: /node_modules\/@lezer\/(common|highlight)\//, priority: 7 },
            { name: 'codemirror-language', test: /node_modules\/@codemirror\/language\//, priority: 6 },
            { name: 'lezer-lr', test: /node_modules\/@lezer\/lr\//, priority: 5 },
            {
              name: 'codemirror-autocomplete',
              test: /node_modules\/@codemirror\/autocomplete\//,
              priority: 4
            },
            {
              name: 'code-javascript',
              test: /node_modules\/@(codemirror\/lang-|lezer\/)javascript\//,
              priority: 3
            },
            { name: 'code-css', test: /node_modules\/@(codemirror\/lang-|lezer\/)css\//, priority: 2 },
            { name: 'code-html', test: /node_modules\/@(codemirror\/lang-|lezer\/)html\//, priority: 1 }
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
    reporters: process.env.VITEST_JUNIT
      ? ['default', ['junit', { outputFile: process.env.VITEST_JUNIT }]]
      : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'jsdom',
          include: ['src/**/*.test.ts'],
          exclude: ['src/**/*.browser.test.ts']
        }
      },
      {
        extends: true,
        // Made anew each time: a library that a new test brings and an old cache lacks would reload the page under a test.
        optimizeDeps: { force: true },
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.ts'],
          setupFiles: ['src/lib/testing/browser-setup.ts'],
          testTimeout: 30_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            viewport: { width: 1000, height: 700 },
            provider: playwright({
              launchOptions: {
                ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
                args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
              }
            }),
            instances: [{ browser: 'chromium' }]
          }
        }
      }
    ]
  }
});
