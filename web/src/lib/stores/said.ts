/** What this person said in a workspace and the server has not got yet: messages of the chat, comments. */
import { chatApi } from '#lib/api/chat-calls';
import { commentApi } from '#lib/api/comment-calls';
import { api } from '#lib/api/more-calls';
import type { Message } from '#lib/api/types';
import { anchorNear, NothingToAnchor } from '#lib/comments/anchors';
import { auth } from './auth.svelte';
import { placeOf } from './unsent-place';
import { UnsentWords } from './unsent.svelte';

export interface SaidMessage {
  readonly text: string;
  readonly replyToId: string | null;
}

export interface SaidComment {
  readonly noteId: string;
  /** The thread that it answers in; null begins one. */
  readonly threadId: string | null;
  readonly text: string;
  /** The words that a thread begins at, and where they stood in the text; null is the note as a whole. */
  readonly quote: { readonly words: string; readonly at: number } | null;
}

export type SaidMessages = UnsentWords<SaidMessage, { message: Message }>;
export type SaidComments = UnsentWords<SaidComment>;

interface Said {
  readonly messages: SaidMessages;
  readonly comments: SaidComments;
}

const known = new Map<string, Said>();

/** Of the person who is signed in; the same for all parts of the page. */
export function saidIn(workspaceId: string): Said {
  const userId = auth.user?.id ?? '';
  const key = `${userId} ${workspaceId}`;
  let said = known.get(key);
  if (!said) {
    const messages = new UnsentWords(placeOf('chat', userId, workspaceId), (body: SaidMessage, key) =>
      chatApi.postMessage(workspaceId, body, key)
    );
    said = { messages, comments: new UnsentWords(placeOf('comments', userId, workspaceId), sendComment) };
    known.set(key, said);
  }
  return said;
}

/** There is a line, and all edits of texts are saved. */
export async function resume(workspaceId: string): Promise<void> {
  const { messages, comments } = saidIn(workspaceId);
  await messages.resume();
  await comments.resume();
}

async function sendComment({ noteId, threadId, text, quote }: SaidComment, key: string): Promise<unknown> {
  if (threadId) return commentApi.reply(noteId, threadId, text, key);
  if (!quote) return commentApi.startThread(noteId, { text }, key);
  // The text has moved on since: the words are looked for, and taken where they are nearest.
  const { note } = await api.note(noteId);
  const anchor = anchorNear(note.content, quote.words, quote.at);
  if (!anchor) throw new NothingToAnchor();
  return commentApi.startThread(noteId, { text, anchor, baseSeq: note.seq }, key);
}
