/** Sending what a closed tab left behind: a session of its own, under its identity, for as long as that takes. */
import type { Draft } from './types';

/** The part of a workspace session that is watched. */
interface Sending {
  readonly state: string;
  readonly waitingCount: number;
  readonly drafts: Iterable<[string, Draft]>;
  close(): void;
}

/** Resolves, with the texts that were not taken, when everything is sent or can never be. Closes the session. */
export function sendAll(session: Sending): Promise<Draft[]> {
  return new Promise((resolve) => {
    const stop = $effect.root(() => {
      $effect(() => {
        const isSent = session.state === 'live' && session.waitingCount === 0;
        if (!isSent && session.state !== 'denied') return;
        session.close();
        resolve([...session.drafts].map(([, draft]) => draft));
        queueMicrotask(() => stop());
      });
    });
  });
}
