import type { PlainKey } from '#lib/i18n/messages';

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

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
    if (!Array.isArray(this.details)) return [];
    return (this.details as FieldProblem[]).map((one) => ({ ...one, message: sentence(one.message) }));
  }
}

/** What the server says as part of a sentence ("must be …"), by itself. */
const sentence = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?…]$/.test(words) ? '' : '.'}`;

/** Reads the error body of an answer; whatever is no error body (a proxy's page) becomes a plain `UNAVAILABLE`. */
export async function errorFrom(response: Response): Promise<ApiError> {
  const requestId = response.headers.get('X-Request-Id');
  const retryAfter = Number(response.headers.get('Retry-After')) || null;
  const body: unknown = await response.json().catch(() => null);
  return errorOf(response.status, response.statusText, body, requestId, retryAfter);
}

export function errorOf(
  status: number,
  statusText: string,
  body: unknown,
  requestId: string | null = null,
  retryAfter: number | null = null
): ApiError {
  const error = (body as { error?: Record<string, unknown> } | null)?.error;
  if (typeof error?.['code'] !== 'string') {
    return new ApiError(status, 'UNAVAILABLE', statusText, requestId, null, retryAfter);
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
  VALIDATION_FAILED: 'error.invalid',
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
