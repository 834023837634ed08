/** Sending what a closed tab left behind: a session of its own, under its identity, for as long as that takes. */
import type { Draft } from './types';

/** The part of a workspace session that is watched. */
interface Sending {
  readonly vitals: { readonly state: string; readonly waitingCount: number };
  readonly shelf: { readonly drafts: Iterable<[string, Draft]> };
  close(): void;
}

/** Resolves, with the texts that were not taken, when everything is sent or can never be. Closes the session. */
export function sendAll(session: Sending): Promise<Draft[]> {
  return new Promise((resolve) => {
    const stop = $effect.root(() => {
      $effect(() => {
        const { state, waitingCount } = session.vitals;
        if (state !== 'denied' && !(state === 'live' && waitingCount === 0)) return;
        session.close();
        resolve([...session.shelf.drafts].map(([, draft]) => draft));
        queueMicrotask(() => stop());
      });
    });
  });
}
