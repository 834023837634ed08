/** Calls about what other programs get from a workspace: webhooks and the calendar's secret address. */
import { call } from './call';
import { inWorkspace, type ListQuery } from './calls';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Webhook = Schemas['WebhookItem'];
export type Delivery = Schemas['DeliveryItem'];

const BASE = '/api/workspaces/{workspaceId}/webhooks';
const ONE = `${BASE}/{webhookId}` as const;
const FEED = '/api/workspaces/{workspaceId}/calendar/feed';

const ofHook = (workspaceId: string, webhookId: string) => ({ path: { workspaceId, webhookId } });

export const integrationApi = {
  webhooks: (id: string, query: ListQuery = {}) => call('GET', BASE, { ...inWorkspace(id), query }),
  createWebhook: (id: string, body: Schemas['NewWebhookBody']) =>
    call('POST', BASE, { ...inWorkspace(id), body }),
  changeWebhook: (id: string, webhookId: string, body: Schemas['WebhookBody']) =>
    call('PUT', ONE, { ...ofHook(id, webhookId), body }),
  deleteWebhook: (id: string, webhookId: string) => call('DELETE', ONE, ofHook(id, webhookId)),
  deliveries: (id: string, webhookId: string) => call('GET', `${ONE}/deliveries`, ofHook(id, webhookId)),
  redeliver: (id: string, webhookId: string, deliveryId: string) =>
    call('POST', `${ONE}/deliveries/{deliveryId}/redeliver`, {
      path: { workspaceId: id, webhookId, deliveryId }
    }),
  makeFeed: (id: string) => call('POST', FEED, inWorkspace(id)),
  dropFeed: (id: string) => call('DELETE', FEED, inWorkspace(id))
};
