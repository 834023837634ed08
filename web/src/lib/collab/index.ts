export { WorkspaceSession, type Refusal, type WorkspaceSessionOptions } from './workspace-session.svelte';
export type { NoteSession } from './note-session.svelte';
export { CursorTrack } from './cursors';
export { peopleOf, readersOf } from './presence';
export { forgetDevice } from './pending';
export * from './types';
