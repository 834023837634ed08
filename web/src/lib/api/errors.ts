import { formatNumber, i18n, t } from '#lib/i18n/index.svelte';
import type { PlainKey } from '#lib/i18n/messages';
import type { FieldProblem } from './types';

/** A refusal by the server, or `OFFLINE` (status 0) when it could not be reached. `code` is stable, `message` is English. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string | null = null,
    readonly details: unknown = null,
    readonly retryAfterSeconds: number | null = null
  ) {
    super(message);
  }

  /** The fields at fault of a `VALIDATION_FAILED`. */
  get problems(): readonly FieldProblem[] {
    return this.code === INVALID && Array.isArray(this.details) ? (this.details as FieldProblem[]) : [];
  }
}

/** What the server says as part of a sentence ("must be …"), by itself. */
const sentence = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?…]$/.test(words) ? '' : '.'}`;

const INVALID = 'VALIDATION_FAILED';

/** In the chosen language; for a code that is not known here, in the server's English. */
function wordsForField({ code, message, limit }: FieldProblem): string {
  const key = `problem.${code}`;
  return i18n.has(key)
    ? i18n.translate(key as 'problem.TOO_LONG', { limit: formatNumber(limit ?? 0) })
    : sentence(message);
}

/** Reads the error body of an answer; whatever is no error body (a proxy's page) becomes a plain `UNAVAILABLE`. */
export async function errorFrom(response: Response): Promise<ApiError> {
  const requestId = response.headers.get('X-Request-Id');
  const retryAfter = Number(response.headers.get('Retry-After')) || null;
  const body: unknown = await response.json().catch(() => null);
  return errorOf(response.status, response.statusText, body, requestId, retryAfter);
}

/** Of an answer that was read already. Of a form that was refused the words for its fields are there when this is done. */
export async function errorOf(
  status: number,
  statusText: string,
  body: unknown,
  requestId: string | null = null,
  retryAfter: number | null = null
): Promise<ApiError> {
  const error = (body as { error?: Record<string, unknown> } | null)?.error;
  if (typeof error?.['code'] !== 'string') {
    return new ApiError(status, 'UNAVAILABLE', statusText, requestId, null, retryAfter);
  }
  if (error['code'] === INVALID) {
    // Without them the server's own words are shown.
    await import('#lib/i18n/problems').then(({ ready }) => ready).catch(() => undefined);
  }
  const message = typeof error['message'] === 'string' ? error['message'] : '';
  return new ApiError(status, error['code'], message, requestId, error['details'] ?? null, retryAfter);
}

const WORDS: Readonly<Record<string, PlainKey>> = {
  OFFLINE: 'error.offline',
  UNAVAILABLE: 'error.unavailable',
  INTERNAL: 'error.internal',
  RATE_LIMITED: 'error.rateLimited',
  FORBIDDEN: 'error.forbidden',
  UNAUTHENTICATED: 'error.signedOut',
  TOKEN_EXPIRED: 'error.signedOut',
  INVALID_CREDENTIALS: 'error.credentials',
  EMAIL_TAKEN: 'error.emailTaken',
  [INVALID]: 'error.invalid',
  CONFLICT: 'error.conflict',
  PAYLOAD_TOO_LARGE: 'error.tooLarge',
  WORKSPACE_NOT_FOUND: 'error.workspaceGone',
  NOTE_NOT_FOUND: 'error.noteGone',
  FILE_NOT_FOUND: 'error.fileGone',
  UNSUPPORTED_MEDIA_TYPE: 'error.fileKind',
  QUOTA_EXCEEDED: 'error.full',
  NOT_FOUND: 'error.notHere',
  ROUTE_NOT_FOUND: 'error.notHere',
  USER_NOT_FOUND: 'error.noSuchPerson',
  MEMBER_NOT_FOUND: 'error.noSuchPerson'
};

/** The key of the words for an error, whatever was thrown. */
export function wordsFor(error: unknown): PlainKey {
  return (error instanceof ApiError && WORDS[error.code]) || 'error.internal';
}

/** What to tell of an error: what is wrong with the field at fault if the server names one, else the words for its code. */
export function told(error: unknown): string {
  const problem = error instanceof ApiError ? error.problems[0] : undefined;
  return problem ? wordsForField(problem) : t(wordsFor(error));
}

/** Where a form tells an error, and how: at the field at fault if it is one of its `fields`, else at `rest`. */
export function toldAt(
  error: unknown,
  fields: readonly string[],
  rest = 'all'
): Readonly<Record<string, string>> {
  const path = (error instanceof ApiError && error.problems[0]?.path.split('.')[0]) || rest;
  return { [fields.includes(path) ? path : rest]: told(error) };
}
