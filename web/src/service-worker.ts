/// <reference types="@sveltejs/kit" />
/// <reference lib="webworker" />
/**
 * Keeps the client itself at hand, so that it starts without a line: the built files by name, the frame for every page.
 * What belongs to a person (`/api`, `/socket.io`) is never kept here; texts are stored by the pages (collab/pending.ts).
 */
import { build, files, prerendered, version } from '$service-worker';

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `notevault-${version}`;
const FRAME = '/';
/** Named after their content: never stale, whichever version they are of. */
const IMMUTABLE_FILES = '/_app/immutable/';
const KEPT = new Set([...files.filter((file) => !file.endsWith('.txt')), ...prerendered]);

worker.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.addAll([...build, ...KEPT, FRAME].map((path) => new Request(path, { cache: 'reload' })));
      await worker.skipWaiting();
    })()
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      // Pages that are open go on with the files of the version they came with; older ones than that have been left.
      const others = (await caches.keys()).filter((key) => key !== CACHE);
      for (const key of others.slice(0, -1)) await caches.delete(key);
      await worker.clients.claim();
    })()
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (/^\/(api|socket\.io|metrics|health|ready)(\/|$)/.test(url.pathname)) return;
  if (url.pathname.startsWith(IMMUTABLE_FILES)) event.respondWith(kept(request));
  else if (request.mode === 'navigate')
    event.respondWith(fresh(request, prerendered.includes(url.pathname) ? url.pathname : FRAME));
  else if (KEPT.has(url.pathname)) event.respondWith(fresh(request, url.pathname));
});

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** From the server while it answers, so that a new version comes at once; else what is kept. */
async function fresh(request: Request, path: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const known = await (await caches.open(CACHE)).match(path);
    if (known) return known;
    throw error;
  }
}
