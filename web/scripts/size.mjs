// Byte budgets: what a page loads before it works, and what is loaded later, as gzip -9 sees it. Run after a build.
// `hard` fails the check, `goal` is what we aim at. KiB.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const CLIENT = '.svelte-kit/output/client/';
const NODES = '.svelte-kit/generated/client-optimized/nodes/';
const APP = '.svelte-kit/generated/client-optimized/app.js';
const START = 'node_modules/@sveltejs/kit/src/runtime/client/entry.js';

const PAGES = {
  'login/+page': { goal: 55, hard: 65 },
  '(app)/+page': { goal: 55, hard: 65 },
  '(app)/workspaces/[id]/+page': { goal: 80, hard: 95 }
};
const OTHER_PAGE = { goal: 65, hard: 75 };
const LAZY = {
  'organisms/NoteEditor.svelte': { goal: 108, hard: 118 },
  'organisms/CommandPalette.svelte': { goal: 25, hard: 30 }
};
/** Beyond what every signed-in page has: the page, and the part that it fetches at once. */
const EXTRA = {
  '(app)/calendar/+page': { part: 'organisms/CalendarGrid.svelte', goal: 8, hard: 15 },
  '(app)/admin/+page': { part: 'organisms/AdminView.svelte', goal: 25, hard: 32 }
};
const CSS = { goal: 10, hard: 14 };
const INITIAL_CHUNK = { goal: 30, hard: 54 };
const CHUNK = { goal: 64, hard: 66 };

const manifest = JSON.parse(readFileSync(`${CLIENT}.vite/manifest.json`, 'utf8'));
const sizes = new Map();

function gzipped(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(CLIENT + file), { level: 9 }).length);
  return sizes.get(file);
}

/** All scripts and styles that come with these entries through static imports. */
function closure(entries) {
  const seen = new Set();
  const files = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const chunk = manifest[name];
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  entries.forEach(visit);
  return files;
}

function total(files, ending) {
  return [...files].filter((file) => file.endsWith(ending)).reduce((sum, file) => sum + gzipped(file), 0);
}

/** Which page or layout each numbered node of the build is. */
function routesByNode() {
  const routes = new Map();
  for (const name of Object.keys(manifest).filter((key) => key.startsWith(NODES))) {
    const path = /src\/routes\/(\S+)\.svelte"/.exec(readFileSync(name, 'utf8'))?.[1];
    if (path) routes.set(path, name);
  }
  return routes;
}

let isOver = false;

function judge(label, bytes, { goal, hard }) {
  const kib = bytes / 1024;
  const verdict = kib > hard ? 'OVER' : kib > goal ? 'above goal' : 'ok';
  if (kib > hard) isOver = true;
  console.log(
    `${label.padEnd(44)} ${kib.toFixed(1).padStart(7)} KiB   goal ${goal}  hard ${hard}   ${verdict}`
  );
}

const routes = routesByNode();
const always = [START, APP, routes.get('+layout'), routes.get('+error')];
const initial = new Set();

for (const [path, node] of [...routes].sort(([a], [b]) => a.localeCompare(b))) {
  if (!path.endsWith('+page')) continue;
  const layouts = path.startsWith('(app)/') ? [routes.get('(app)/+layout')] : [];
  const files = closure([...always, ...layouts, node]);
  files.forEach((file) => initial.add(file));
  judge(`js  ${path}`, total(files, '.js'), PAGES[path] ?? OTHER_PAGE);
  judge(`css ${path}`, total(files, '.css'), CSS);
}

const chunkOf = (ending) => Object.keys(manifest).find((key) => key.endsWith(ending));

const shell = closure([...always, routes.get('(app)/+layout')]);
for (const [path, { part, ...budget }] of Object.entries(EXTRA)) {
  const extra = [...closure([routes.get(path), chunkOf(part)])].filter((file) => !shell.has(file));
  judge(`extra ${path}`, total(extra, '.js'), budget);
}

for (const [ending, budget] of Object.entries(LAZY)) {
  const name = chunkOf(ending);
  if (!name) continue;
  const extra = [...closure([name])].filter((file) => !initial.has(file));
  judge(`lazy ${ending}`, total(extra, '.js'), budget);
}

const scripts = [...new Set(Object.values(manifest).map((chunk) => chunk.file))].filter((file) =>
  file.endsWith('.js')
);
judge(
  'largest initial chunk',
  Math.max(...scripts.filter((file) => initial.has(file)).map(gzipped)),
  INITIAL_CHUNK
);
judge('largest chunk', Math.max(...scripts.map(gzipped)), CHUNK);
process.exit(isOver ? 1 : 0);
