/** What became of a delivery, in words: what happened, and what one can do. */
import type { Delivery } from '#lib/api/integration-calls';
import type { PlainKey } from '#lib/i18n/messages';

export const isGood = ({ status }: Delivery): boolean => status !== null && status >= 200 && status < 300;

/** The key of the words for a delivery that did not arrive; null where none is known. Some name the `status`. */
export function happened({ status, noAnswer }: Delivery) {
  if (status === null) return noAnswer && (`webhook.happened.${noAnswer}` as const satisfies PlainKey);
  if (status >= 300 && status < 400) return 'webhook.happened.moved';
  if (status === 401 || status === 403) return 'webhook.happened.refused';
  if (status === 404 || status === 410) return 'webhook.happened.nothing';
  return status === 429 || status >= 500 ? 'webhook.happened.broken' : 'webhook.happened.other';
}
