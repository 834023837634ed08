/** How a workspace session is doing, for those who show it. */
import type { ConnectionState, Role, SaveState } from './types';

export class Vitals {
  state = $state<ConnectionState>('connecting');
  deniedReason = $state<string | null>(null);
  waitingCount = $state(0);
  role = $state<Role>('viewer');
  clientId = $state('');
  /** The newest seq of the workspace that was processed. */
  seq = $state(0);
  saveState: SaveState = $derived(
    this.waitingCount === 0 ? 'saved' : this.state === 'live' ? 'saving' : 'waiting'
  );
}
