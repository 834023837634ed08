/** Calls about one's own account. */
import { call, callAnonymously } from './call';
import type { ListQuery } from './calls';
import type { components } from './schema';

type Schemas = components['schemas'];

export const accountApi = {
  updateMe: (body: Schemas['ProfileBody']) => call('PUT', '/api/auth/me', { body }),
  deletionPlan: () => call('GET', '/api/auth/me/deletion', {}),
  deleteMe: (body: Schemas['ProofBody']) => call('DELETE', '/api/auth/me', { body }),
  changePassword: (body: Schemas['NewPasswordBody']) => call('POST', '/api/auth/password', { body }),
  changeEmail: (body: Schemas['NewEmailBody']) => call('POST', '/api/auth/email', { body }),
  requestReset: (email: string) => callAnonymously('POST', '/api/auth/password/reset', { body: { email } }),
  resetPassword: (body: Schemas['ResetConfirmBody']) =>
    callAnonymously('POST', '/api/auth/password/reset/confirm', { body }),
  verifyEmail: (token: string) => callAnonymously('POST', '/api/auth/verify-email', { body: { token } }),
  resendVerification: () => call('POST', '/api/auth/verify-email/resend', {}),
  sessions: (query: ListQuery = {}) => call('GET', '/api/auth/sessions', { query }),
  endSession: (sessionId: string) =>
    call('DELETE', '/api/auth/sessions/{sessionId}', { path: { sessionId } }),
  endOtherSessions: () => call('DELETE', '/api/auth/sessions', {}),
  tokens: (query: ListQuery = {}) => call('GET', '/api/auth/tokens', { query }),
  createToken: (body: Schemas['NewApiTokenBody']) => call('POST', '/api/auth/tokens', { body }),
  revokeToken: (tokenId: string) => call('DELETE', '/api/auth/tokens/{tokenId}', { path: { tokenId } }),
  preferences: () => call('GET', '/api/notifications/preferences', {}),
  setPreferences: (preferences: Schemas['PreferencesBody']['preferences']) =>
    call('PUT', '/api/notifications/preferences', { body: { preferences } }),
  secondFactor: () => call('GET', '/api/auth/second-factor', {}),
  newSecondFactor: () => call('POST', '/api/auth/second-factor', {}),
  confirmSecondFactor: (code: string) => call('POST', '/api/auth/second-factor/confirm', { body: { code } }),
  newRecoveryCodes: (code: string) =>
    call('POST', '/api/auth/second-factor/recovery-codes', { body: { code } }),
  endSecondFactor: (code: string) => call('POST', '/api/auth/second-factor/end', { body: { code } }),
  previewInvitation: (token: string) =>
    callAnonymously('POST', '/api/invitations/preview', { body: { token } }),
  beginAtProvider: (provider: string) =>
    callAnonymously('POST', '/api/auth/providers/{provider}/begin', { path: { provider } }),
  finishAtProvider: (body: Schemas['ComingBody']) =>
    callAnonymously('POST', '/api/auth/providers/finish', { body }),
  finishWithCode: (ticket: string, code: string) =>
    callAnonymously('POST', '/api/auth/providers/second-factor', { body: { ticket, code } }),
  identities: () => call('GET', '/api/auth/identities', {}),
  beginLinking: (body: Schemas['LinkBody']) => call('POST', '/api/auth/identities/begin', { body }),
  linkIdentity: (body: Schemas['CameBack']) => call('POST', '/api/auth/identities', { body }),
  unlinkIdentity: (identityId: string, body: Schemas['ProofBody']) =>
    call('POST', '/api/auth/identities/{identityId}/unlink', { path: { identityId }, body }),
  acceptInvitation: (token: string) => call('POST', '/api/invitations/accept', { body: { token } }),
  previewShareLink: (token: string) =>
    callAnonymously('POST', '/api/share-links/preview', { body: { token } }),
  joinShareLink: (token: string) => call('POST', '/api/share-links/join', { body: { token } }),
  readSharedNote: (body: Schemas['SharedNoteBody']) => callAnonymously('POST', '/api/shared-note', { body }),
  putSharedNote: (body: Schemas['SharedNotePutBody']) => callAnonymously('PUT', '/api/shared-note', { body })
};
