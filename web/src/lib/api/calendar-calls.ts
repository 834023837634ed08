/** Calls about the calendar. */
import { call } from './call';
import { inWorkspace, type ListQuery } from './calls';
import type { components } from './schema';

type Schemas = components['schemas'];

export const calendarApi = {
  events: (id: string, query: ListQuery & { from?: string; to?: string } = {}) =>
    call('GET', '/api/workspaces/{workspaceId}/events', { ...inWorkspace(id), query }),
  /** With the days of the whole series, where the list has those of one of it. */
  event: (workspaceId: string, eventId: string) =>
    call('GET', '/api/workspaces/{workspaceId}/events/{eventId}', { path: { workspaceId, eventId } }),
  createEvent: (id: string, body: Schemas['NewEventBody']) =>
    call('POST', '/api/workspaces/{workspaceId}/events', { ...inWorkspace(id), body }),
  updateEvent: (workspaceId: string, eventId: string, body: Schemas['EventBody']) =>
    call('PUT', '/api/workspaces/{workspaceId}/events/{eventId}', { path: { workspaceId, eventId }, body }),
  deleteEvent: (workspaceId: string, eventId: string) =>
    call('DELETE', '/api/workspaces/{workspaceId}/events/{eventId}', { path: { workspaceId, eventId } })
};
