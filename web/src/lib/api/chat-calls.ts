/** Calls about the chat. */
import { call } from './call';
import { inWorkspace, type ListQuery } from './calls';
import type { components } from './schema';

type Schemas = components['schemas'];

const ofMessage = (messageId: string) => ({ path: { messageId } });

export const chatApi = {
  messages: (id: string, query: ListQuery & { before?: number } = {}) =>
    call('GET', '/api/workspaces/{workspaceId}/chat', { ...inWorkspace(id), query }),
  postMessage: (id: string, body: Schemas['NewMessageBody'], idempotencyKey: string) =>
    call('POST', '/api/workspaces/{workspaceId}/chat', { ...inWorkspace(id), body, idempotencyKey }),
  editMessage: (id: string, text: string) =>
    call('PUT', '/api/chat/{messageId}', { ...ofMessage(id), body: { text } }),
  deleteMessage: (id: string) => call('DELETE', '/api/chat/{messageId}', ofMessage(id)),
  react: (id: string, emoji: string) =>
    call('POST', '/api/chat/{messageId}/reactions', { ...ofMessage(id), body: { emoji } }),
  unreact: (messageId: string, emoji: string) =>
    call('DELETE', '/api/chat/{messageId}/reactions/{emoji}', { path: { messageId, emoji } })
};
