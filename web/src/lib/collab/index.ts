export { WorkspaceSession } from './workspace-session.svelte';
export type { Refusal, WorkspaceSessionOptions } from './workspace-engine';
export type { NoteSession } from './note-session.svelte';
export { CursorTrack } from './cursors';
export { peopleOf, readersOf } from './presence';
export { forgetDevice } from './pending';
export * from './types';
