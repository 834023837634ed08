/** How quick the pages were for this person, told to the server when the page is left. Loaded when nothing else waits. */
import { onCLS, onFCP, onINP, onLCP, onTTFB, type Metric } from 'web-vitals';

const PAGES = ['login', 'files', 'search', 'chat', 'calendar', 'settings', 'admin'] as const;

interface Vital {
  readonly name: string;
  readonly value: number;
  readonly page: string;
}

/** The kind of page; never which one. */
export function pageKind(path: string): string {
  if (path === '/') return 'workspaces';
  const first = path.split('/')[1] ?? '';
  if (first === 'workspaces') return 'workspace';
  return (PAGES as readonly string[]).includes(first) ? first : 'other';
}

export function watchVitals(): void {
  const page = pageKind(location.pathname);
  const vitals = new Map<string, Vital>();
  const note = ({ name, value }: Metric) => vitals.set(name, { name, value, page });
  onCLS(note);
  onFCP(note);
  onINP(note);
  onLCP(note);
  onTTFB(note);
  const send = () => {
    if (document.visibilityState !== 'hidden' || vitals.size === 0) return;
    const body = JSON.stringify({ vitals: [...vitals.values()] });
    vitals.clear();
    navigator.sendBeacon('/api/vitals', new Blob([body], { type: 'application/json' }));
  };
  addEventListener('visibilitychange', send);
}
