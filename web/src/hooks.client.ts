import type { HandleClientError } from '@sveltejs/kit';
import { ApiError, wordsFor } from '#lib/api/calls';
import { t } from '#lib/i18n/index.svelte';

/** An error that no page caught: the error page shows these words and, where the server gave one, the reference. */
export const handleError: HandleClientError = ({ error, status }) => {
  if (status === 404) return { message: t('error.pageGone') };
  if (!(error instanceof ApiError)) console.error(error);
  // A part of the page that did not come; browsers have different words, and only this one in common.
  if (error instanceof TypeError && /module/.test(error.message)) return { message: t('error.part') };
  return { message: t(wordsFor(error)), requestId: error instanceof ApiError ? error.requestId : null };
};
