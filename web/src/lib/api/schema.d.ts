/** Made by `make api` from the server's OpenAPI document. */
export interface paths {
  readonly '/api/admin/actors': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAdminActors'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/actors/{workspaceId}/release': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAdminActorsByWorkspaceIdRelease'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/announcements': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAdminAnnouncements'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/audit': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAdminAudit'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/health': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAdminHealth'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/nodes': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAdminNodes'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/sessions': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAdminSessions'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/storage': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAdminStorage'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/users': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAdminUsers'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/users/{accountId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAdminUsersByAccountId'];
    readonly put: operations['putAdminUsersByAccountId'];
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/users/{accountId}/second-factor': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteAdminUsersByAccountIdSecondFactor'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/users/{accountId}/sessions': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAdminUsersByAccountIdSessions'];
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteAdminUsersByAccountIdSessions'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/admin/workspaces': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAdminWorkspaces'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/email': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthEmail'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/identities': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAuthIdentities'];
    readonly put?: never;
    readonly post: operations['postAuthIdentities'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/identities/{identityId}/unlink': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthIdentitiesByIdentityIdUnlink'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/identities/begin': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthIdentitiesBegin'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/login': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthLogin'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/logout': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthLogout'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/me': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAuthMe'];
    readonly put: operations['putAuthMe'];
    readonly post?: never;
    readonly delete: operations['deleteAuthMe'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/me/avatar': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthMeAvatar'];
    readonly delete: operations['deleteAuthMeAvatar'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/me/deletion': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAuthMeDeletion'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/password': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthPassword'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/password/reset': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthPasswordReset'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/password/reset/confirm': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthPasswordResetConfirm'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/providers': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAuthProviders'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/providers/{provider}/begin': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthProvidersByProviderBegin'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/providers/finish': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthProvidersFinish'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/providers/second-factor': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthProvidersSecondFactor'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/refresh': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthRefresh'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/register': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthRegister'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/second-factor': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAuthSecondFactor'];
    readonly put?: never;
    readonly post: operations['postAuthSecondFactor'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/second-factor/confirm': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthSecondFactorConfirm'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/second-factor/end': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthSecondFactorEnd'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/second-factor/recovery-codes': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthSecondFactorRecoveryCodes'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/sessions': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAuthSessions'];
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteAuthSessions'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/sessions/{sessionId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteAuthSessionsBySessionId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/tokens': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAuthTokens'];
    readonly put?: never;
    readonly post: operations['postAuthTokens'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/tokens/{tokenId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteAuthTokensByTokenId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/verify-email': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthVerifyEmail'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/auth/verify-email/resend': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postAuthVerifyEmailResend'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/avatars/{avatarId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getAvatarsByAvatarId'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/chat/{messageId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getChatByMessageId'];
    readonly put: operations['putChatByMessageId'];
    readonly post?: never;
    readonly delete: operations['deleteChatByMessageId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/chat/{messageId}/reactions': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postChatByMessageIdReactions'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/chat/{messageId}/reactions/{emoji}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteChatByMessageIdReactionsByEmoji'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/docs': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getDocs'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/docs/page.css': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getDocsPageCss'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/docs/page.js': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getDocsPageJs'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/feeds/{secret}/calendar.ics': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getFeedsBySecretCalendarIcs'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/files': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getFiles'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/files/{fileId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getFilesByFileId'];
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteFilesByFileId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/files/{fileId}/preview': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getFilesByFileIdPreview'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/files/{fileId}/share': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postFilesByFileIdShare'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/files/{fileId}/thumbnail': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getFilesByFileIdThumbnail'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/files/upload': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postFilesUpload'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/invitations/accept': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postInvitationsAccept'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/invitations/preview': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postInvitationsPreview'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotesByNoteId'];
    readonly put: operations['putNotesByNoteId'];
    readonly post?: never;
    readonly delete: operations['deleteNotesByNoteId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/at/{seq}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotesByNoteIdAtBySeq'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/authorship': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotesByNoteIdAuthorship'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/comments': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotesByNoteIdComments'];
    readonly put?: never;
    readonly post: operations['postNotesByNoteIdComments'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/comments/{threadId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotesByNoteIdCommentsByThreadId'];
    readonly put: operations['putNotesByNoteIdCommentsByThreadId'];
    readonly post: operations['postNotesByNoteIdCommentsByThreadId'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/comments/{threadId}/{commentId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put: operations['putNotesByNoteIdCommentsByThreadIdByCommentId'];
    readonly post?: never;
    readonly delete: operations['deleteNotesByNoteIdCommentsByThreadIdByCommentId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/export': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotesByNoteIdExport'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/history': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotesByNoteIdHistory'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/links': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotesByNoteIdLinks'];
    readonly put?: never;
    readonly post: operations['postNotesByNoteIdLinks'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/links/{linkId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteNotesByNoteIdLinksByLinkId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/restore': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postNotesByNoteIdRestore'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/revert': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postNotesByNoteIdRevert'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/versions': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotesByNoteIdVersions'];
    readonly put?: never;
    readonly post: operations['postNotesByNoteIdVersions'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/versions/{versionId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotesByNoteIdVersionsByVersionId'];
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteNotesByNoteIdVersionsByVersionId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notes/{noteId}/watch': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotesByNoteIdWatch'];
    readonly put: operations['putNotesByNoteIdWatch'];
    readonly post?: never;
    readonly delete: operations['deleteNotesByNoteIdWatch'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notifications': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotifications'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notifications/{notificationId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteNotificationsByNotificationId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notifications/{notificationId}/read': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put: operations['putNotificationsByNotificationIdRead'];
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notifications/preferences': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getNotificationsPreferences'];
    readonly put: operations['putNotificationsPreferences'];
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/notifications/read-all': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put: operations['putNotificationsReadAll'];
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/openapi.json': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getOpenapiJson'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/search': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getSearch'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/search/saved': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getSearchSaved'];
    readonly put?: never;
    readonly post: operations['postSearchSaved'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/search/saved/{searchId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put: operations['putSearchSavedBySearchId'];
    readonly post?: never;
    readonly delete: operations['deleteSearchSavedBySearchId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/share-links/join': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postShareLinksJoin'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/share-links/preview': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postShareLinksPreview'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/shared-note': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put: operations['putSharedNote'];
    readonly post: operations['postSharedNote'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/vitals': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postVitals'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspaces'];
    readonly put?: never;
    readonly post: operations['postWorkspaces'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceId'];
    readonly put: operations['putWorkspacesByWorkspaceId'];
    readonly post?: never;
    readonly delete: operations['deleteWorkspacesByWorkspaceId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/calendar.ics': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdCalendarIcs'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/calendar/feed': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdCalendarFeed'];
    readonly delete: operations['deleteWorkspacesByWorkspaceIdCalendarFeed'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/chat': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdChat'];
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdChat'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/collections': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdCollections'];
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdCollections'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/collections/{collectionId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put: operations['putWorkspacesByWorkspaceIdCollectionsByCollectionId'];
    readonly post?: never;
    readonly delete: operations['deleteWorkspacesByWorkspaceIdCollectionsByCollectionId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/connections': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdConnections'];
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdConnections'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/connections/{connectionId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put: operations['putWorkspacesByWorkspaceIdConnectionsByConnectionId'];
    readonly post?: never;
    readonly delete: operations['deleteWorkspacesByWorkspaceIdConnectionsByConnectionId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/events': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdEvents'];
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdEvents'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/events/{eventId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdEventsByEventId'];
    readonly put: operations['putWorkspacesByWorkspaceIdEventsByEventId'];
    readonly post?: never;
    readonly delete: operations['deleteWorkspacesByWorkspaceIdEventsByEventId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/events/import': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdEventsImport'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/export': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdExport'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/import': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdImport'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/invitations': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdInvitations'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/invitations/{invitationId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteWorkspacesByWorkspaceIdInvitationsByInvitationId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/invitations/{invitationId}/resend': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdInvitationsByInvitationIdResend'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/members': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdMembers'];
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdMembers'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/members/{userId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put: operations['putWorkspacesByWorkspaceIdMembersByUserId'];
    readonly post?: never;
    readonly delete: operations['deleteWorkspacesByWorkspaceIdMembersByUserId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/notes': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdNotes'];
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdNotes'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/share-links': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdShareLinks'];
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdShareLinks'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/share-links/{linkId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteWorkspacesByWorkspaceIdShareLinksByLinkId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/transfer': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdTransfer'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/trash': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdTrash'];
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteWorkspacesByWorkspaceIdTrash'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/trash/{noteId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post?: never;
    readonly delete: operations['deleteWorkspacesByWorkspaceIdTrashByNoteId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/webhooks': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdWebhooks'];
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdWebhooks'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/webhooks/{webhookId}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put: operations['putWorkspacesByWorkspaceIdWebhooksByWebhookId'];
    readonly post?: never;
    readonly delete: operations['deleteWorkspacesByWorkspaceIdWebhooksByWebhookId'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/webhooks/{webhookId}/deliveries': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getWorkspacesByWorkspaceIdWebhooksByWebhookIdDeliveries'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/api/workspaces/{workspaceId}/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    readonly post: operations['postWorkspacesByWorkspaceIdWebhooksByWebhookIdDeliveriesByDeliveryIdRedeliver'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/health': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getHealth'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/metrics': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getMetrics'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/ready': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get: operations['getReady'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    readonly ActItem: {
      readonly action: string;
      readonly actorId: string | null;
      readonly address: string;
      readonly at: string;
      readonly details: {
        readonly [key: string]: string;
      };
      readonly id: string;
      readonly outcome: string;
    };
    readonly ActList: {
      readonly items: readonly components['schemas']['ActItem'][];
      readonly nextCursor: string | null;
    };
    readonly ActorItem: {
      readonly epoch: number;
      readonly mailboxBytes: number;
      readonly mailboxMessages: number;
      readonly state: 'activating' | 'deactivating' | 'quarantined' | 'valid';
      readonly workspaceId: string;
    };
    readonly ActorList: {
      readonly items: readonly components['schemas']['ActorItem'][];
      readonly nextCursor: string | null;
    };
    readonly AdminHealthAnswer: {
      readonly checks: {
        readonly [key: string]: 'failed' | 'ok';
      };
      readonly node: components['schemas']['NodeItem'];
      readonly quarantined: readonly string[];
      readonly status: 'degraded' | 'ok';
      readonly timestamp: string;
    };
    readonly AdminSignInItem: {
      readonly address: string;
      readonly client: string;
      readonly createdAt: string;
      readonly expiresAt: string;
      readonly id: string;
      readonly isCurrent: boolean;
      readonly lastUsedAt: string;
      readonly userId: string;
    };
    readonly AdminSignInList: {
      readonly items: readonly components['schemas']['AdminSignInItem'][];
      readonly nextCursor: string | null;
    };
    readonly AdminUser: {
      readonly avatarUrl: string | null;
      readonly createdAt: string;
      readonly displayName: string;
      readonly email: string;
      readonly emailVerified: boolean;
      readonly id: string;
      readonly role: 'admin' | 'user';
      readonly suspendedAt: string | null;
    };
    readonly AdminUserAnswer: {
      readonly user: components['schemas']['AdminUser'];
    };
    readonly AdminUserBody: {
      readonly role?: 'admin' | 'user';
      readonly suspended?: boolean;
    };
    readonly AdminUserList: {
      readonly items: readonly components['schemas']['AdminUser'][];
      readonly nextCursor: string | null;
    };
    readonly AdminWorkspaceItem: {
      readonly createdAt: string | null;
      readonly epoch: number;
      readonly id: string;
      readonly members: number;
      readonly name: string | null;
      readonly node: string | null;
      readonly ownerId: string | null;
      readonly quarantined: boolean;
      readonly seq: number;
    };
    readonly AdminWorkspaceList: {
      readonly items: readonly components['schemas']['AdminWorkspaceItem'][];
      readonly nextCursor: string | null;
    };
    readonly Anchor: {
      readonly end: number;
      readonly start: number;
    };
    readonly AnchorBody: {
      readonly end: number;
      readonly start: number;
    };
    readonly AnnouncementAnswer: {
      readonly told: number;
    };
    readonly AnnouncementBody: {
      readonly text: string;
    };
    readonly ApiTokenItem: {
      readonly createdAt: string;
      readonly expiresAt: string;
      readonly id: string;
      readonly lastUsedAt: string | null;
      readonly name: string;
      readonly scopes: readonly ('admin' | 'read' | 'write')[];
    };
    readonly ApiTokenList: {
      readonly items: readonly components['schemas']['ApiTokenItem'][];
      readonly nextCursor: string | null;
    };
    readonly AuthorshipAnswer: {
      readonly ranges: readonly components['schemas']['RangeItem'][];
      readonly seq: number;
    };
    readonly CameBack: {
      readonly code: string;
      readonly iss?: string | null;
      readonly state: string;
    };
    readonly ChannelsItem: {
      readonly email: boolean;
      readonly inApp: boolean;
    };
    readonly CodeBody: {
      readonly code: string;
    };
    readonly Collection: {
      readonly color?: string | null;
      readonly id: string;
      readonly name: string;
      readonly parentId: string | null;
      readonly rank: number;
    };
    readonly CollectionAnswer: {
      readonly collection: components['schemas']['Collection'];
    };
    readonly CollectionBody: {
      readonly color?: string | null;
      readonly name?: string;
      readonly parentId?: string | null;
      readonly rank?: number;
    };
    readonly CollectionList: {
      readonly items: readonly components['schemas']['Collection'][];
      readonly nextCursor: string | null;
    };
    readonly ComingBody: {
      readonly code: string;
      readonly delivery?: 'body' | 'cookie';
      readonly iss?: string | null;
      readonly state: string;
    };
    readonly CommentBody: {
      readonly text: string;
    };
    readonly CommentItem: {
      readonly createdAt: string;
      readonly editedAt: string | null;
      readonly id: string;
      readonly text: string;
      readonly userId: string;
    };
    readonly Connection: {
      readonly fromNoteId: string;
      readonly id: string;
      readonly label?: string;
      readonly style?: string;
      readonly toNoteId: string;
    };
    readonly ConnectionAnswer: {
      readonly connection: components['schemas']['Connection'];
    };
    readonly ConnectionBody: {
      readonly label?: string;
      readonly style?: string;
    };
    readonly ConnectionList: {
      readonly items: readonly components['schemas']['Connection'][];
      readonly nextCursor: string | null;
    };
    readonly ContentsAnswer: {
      readonly collections: number;
      readonly connections: number;
      readonly events: number;
      readonly files: number;
      readonly notes: number;
      readonly skipped: readonly components['schemas']['SkippedItem'][];
      readonly threads: number;
    };
    readonly DeletionAnswer: {
      readonly going: readonly components['schemas']['OwnedItem'][];
      readonly inTheWay: readonly components['schemas']['OwnedItem'][];
      readonly isLastAdministrator: boolean;
    };
    readonly DeliveryAnswer: {
      readonly delivery: components['schemas']['DeliveryItem'];
    };
    readonly DeliveryItem: {
      readonly at: string;
      readonly attempt: number;
      readonly error: string | null;
      readonly fromSeq: number;
      readonly id: string;
      readonly milliseconds: number;
      readonly nextAttemptAt: string | null;
      readonly noAnswer: ('NOT_HTTP' | 'NOT_PUBLIC' | 'NO_CONNECTION' | 'TOO_SLOW') | null;
      readonly redeliveryOf: string | null;
      readonly status: number | null;
      readonly toSeq: number;
    };
    readonly DeliveryList: {
      readonly items: readonly components['schemas']['DeliveryItem'][];
      readonly nextCursor?: null;
    };
    readonly ErrorAnswer: {
      readonly error: components['schemas']['ErrorBody'];
    };
    readonly ErrorBody: {
      readonly code: string;
      readonly details: unknown;
      readonly message: string;
      readonly requestId: string;
      readonly timestamp: string;
    };
    readonly EventAnswer: {
      readonly event: components['schemas']['EventItem'];
    };
    readonly EventBody: {
      readonly allDay?: boolean;
      readonly description?: string;
      readonly end?: string;
      readonly exdates?: readonly string[];
      readonly location?: string;
      readonly noteId?: string | null;
      readonly rdates?: readonly string[];
      readonly reminders?: readonly number[];
      readonly rrule?: string | null;
      readonly start?: string;
      readonly timeZone?: string;
      readonly title?: string;
    };
    readonly EventItem: {
      readonly allDay: boolean;
      readonly authorId: string;
      readonly createdAt: string;
      readonly description: string;
      readonly end: string;
      readonly exdates: readonly string[];
      readonly id: string;
      readonly location: string;
      readonly noteId: string | null;
      readonly rdates: readonly string[];
      readonly recurrenceId: string | null;
      readonly reminders: readonly number[];
      readonly rrule: string | null;
      readonly start: string;
      readonly timeZone: string;
      readonly title: string;
      readonly uid: string;
      readonly updatedAt: string;
      readonly workspaceId: string;
    };
    readonly EventList: {
      readonly items: readonly components['schemas']['EventItem'][];
      readonly nextCursor: string | null;
    };
    readonly Extents: {
      readonly height: number;
      readonly width: number;
    };
    readonly FacetItem: {
      readonly authorId: string;
      readonly count: number;
      readonly type: 'chat' | 'file' | 'note';
      readonly workspaceId: string;
    };
    readonly FeedAnswer: {
      readonly url: string;
    };
    readonly FieldProblem: {
      readonly code: components['schemas']['Problem'];
      readonly limit?: number;
      readonly message: string;
      readonly path: string;
    };
    readonly FileItem: {
      readonly checksum: string;
      readonly createdAt: string;
      readonly height: number | null;
      readonly id: string;
      readonly mimeType: string;
      readonly name: string;
      readonly sizeBytes: number;
      readonly thumbnailUrl: string | null;
      readonly uploaderId: string;
      readonly url: string;
      readonly width: number | null;
      readonly workspaceId: string;
    };
    readonly FileList: {
      readonly items: readonly components['schemas']['FileItem'][];
      readonly nextCursor: string | null;
    };
    readonly FilesAnswer: {
      readonly files: readonly components['schemas']['FileItem'][];
    };
    readonly GoingAnswer: {
      readonly url: string;
    };
    readonly HealthAnswer: {
      readonly memory: components['schemas']['Memory'];
      readonly status: 'ok';
      readonly timestamp: string;
      readonly uptime: number;
      readonly version: string;
    };
    readonly HistoryItem: {
      readonly deleted: number;
      readonly edits: number;
      readonly fromAt: string;
      readonly fromSeq: number;
      readonly inserted: number;
      readonly toAt: string;
      readonly toSeq: number;
      readonly userId: string;
    };
    readonly HistoryList: {
      readonly horizon: number;
      readonly items: readonly components['schemas']['HistoryItem'][];
      readonly nextCursor: string | null;
    };
    readonly IdentityAnswer: {
      readonly identity: components['schemas']['IdentityItem'];
    };
    readonly IdentityItem: {
      readonly id: string;
      readonly linkedAt: string;
      readonly providerId: string | null;
      readonly providerName: string;
    };
    readonly IdentityList: {
      readonly hasPassword: boolean;
      readonly items: readonly components['schemas']['IdentityItem'][];
      readonly nextCursor?: string | null;
    };
    readonly ImportAnswer: {
      readonly imported: number;
    };
    readonly InvitationAnswer: {
      readonly invitation: components['schemas']['InvitationItem'];
    };
    readonly InvitationItem: {
      readonly createdAt: string;
      readonly email: string;
      readonly expiresAt: string;
      readonly id: string;
      readonly inviterId: string;
      readonly role: 'admin' | 'member' | 'owner' | 'viewer';
      readonly token?: string;
      readonly url?: string;
      readonly workspaceId: string;
    };
    readonly InvitationList: {
      readonly items: readonly components['schemas']['InvitationItem'][];
      readonly nextCursor: string | null;
    };
    readonly InvitationPreview: {
      readonly email: string;
      readonly expiresAt: string;
      readonly inviterName: string;
      readonly role: 'admin' | 'member' | 'owner' | 'viewer';
      readonly workspaceName: string;
    };
    readonly InvitationPreviewAnswer: {
      readonly invitation: components['schemas']['InvitationPreview'];
    };
    readonly InvitationTokenBody: {
      readonly token: string;
    };
    readonly LinkBody: {
      readonly code?: string | null;
      readonly password?: string | null;
      readonly provider: string;
    };
    readonly LoginBody: {
      readonly code?: string | null;
      readonly delivery?: 'body' | 'cookie';
      readonly email: string;
      readonly password: string;
    };
    readonly MemberAnswer: {
      readonly member: components['schemas']['MemberItem'];
    };
    readonly MemberBody: {
      readonly role: 'admin' | 'member' | 'owner' | 'viewer';
    };
    readonly MemberItem: {
      readonly avatarUrl: string | null;
      readonly displayName: string;
      readonly joinedAt: string;
      readonly online: boolean;
      readonly role: 'admin' | 'member' | 'owner' | 'viewer';
      readonly userId: string;
    };
    readonly MemberListAnswer: {
      readonly items: readonly components['schemas']['MemberItem'][];
      readonly nextCursor: string | null;
    };
    readonly Memory: {
      readonly rss: number;
    };
    readonly MessageAnswer: {
      readonly message: components['schemas']['MessageItem'];
    };
    readonly MessageBody: {
      readonly text: string;
    };
    readonly MessageItem: {
      readonly createdAt: string;
      readonly deletedAt: string | null;
      readonly editedAt: string | null;
      readonly id: string;
      readonly reactions: readonly components['schemas']['Reaction'][];
      readonly replyToId: string | null;
      readonly seq: number;
      readonly text: string;
      readonly userId: string;
      readonly workspaceId: string;
    };
    readonly MessageList: {
      readonly items: readonly components['schemas']['MessageItem'][];
      readonly nextCursor: string | null;
    };
    readonly NewApiTokenAnswer: {
      readonly apiToken: components['schemas']['ApiTokenItem'];
      readonly token: string;
    };
    readonly NewApiTokenBody: {
      readonly expiresInDays?: number;
      readonly name: string;
      readonly scopes?: readonly ('admin' | 'read' | 'write')[];
    };
    readonly NewCollectionBody: {
      readonly color?: string | null;
      readonly name: string;
      readonly parentId?: string | null;
      readonly rank?: number | null;
    };
    readonly NewConnectionBody: {
      readonly fromNoteId: string;
      readonly label?: string;
      readonly style?: string;
      readonly toNoteId: string;
    };
    readonly NewEmailBody: {
      readonly code?: string | null;
      readonly email: string;
      readonly password?: string | null;
    };
    readonly NewEventBody: {
      readonly allDay?: boolean;
      readonly description?: string;
      readonly end?: string | null;
      readonly exdates?: readonly string[];
      readonly location?: string;
      readonly noteId?: string | null;
      readonly rdates?: readonly string[];
      readonly reminders?: readonly number[];
      readonly rrule?: string | null;
      readonly start: string;
      readonly timeZone?: string;
      readonly title: string;
    };
    readonly NewMemberBody: {
      readonly email?: string;
      readonly role: 'admin' | 'member' | 'owner' | 'viewer';
      readonly userId?: string;
    };
    readonly NewMessageBody: {
      readonly replyToId?: string | null;
      readonly text: string;
    };
    readonly NewNoteBody: {
      readonly collectionId?: string | null;
      readonly color?: string | null;
      readonly content?: string;
      readonly position?: components['schemas']['Place'] | null;
      readonly size?: components['schemas']['Extents'] | null;
      readonly tags?: readonly string[];
      readonly title: string;
    };
    readonly NewNoteLinkBody: {
      readonly access?: 'edit' | 'read';
      readonly expiresAt?: string | null;
      readonly password?: string | null;
    };
    readonly NewPasswordBody: {
      readonly currentPassword: string;
      readonly newPassword: string;
    };
    readonly NewSavedSearchBody: {
      readonly alert?: boolean;
      readonly name: string;
      readonly query: string;
      readonly type?: 'all' | 'chat' | 'files' | 'notes';
      readonly workspaceId?: string | null;
    };
    readonly NewSecretAnswer: {
      readonly secret: string;
      readonly uri: string;
    };
    readonly NewShareLinkBody: {
      readonly expiresAt?: string | null;
      readonly maxUses?: number | null;
      readonly role?: 'admin' | 'member' | 'owner' | 'viewer';
    };
    readonly NewThreadBody: {
      readonly anchor?: components['schemas']['AnchorBody'] | null;
      readonly baseSeq?: number | null;
      readonly text: string;
    };
    readonly NewVersionBody: {
      readonly name: string;
      readonly seq?: number | null;
    };
    readonly NewWebhookBody: {
      readonly kinds?: readonly string[];
      readonly url: string;
    };
    readonly NewWorkspaceBody: {
      readonly color?: string | null;
      readonly description?: string;
      readonly icon?: string | null;
      readonly name: string;
      readonly privacy?: 'private' | 'public' | 'team';
      readonly searchLanguage?:
        | (
            | 'arabic'
            | 'armenian'
            | 'basque'
            | 'catalan'
            | 'czech'
            | 'danish'
            | 'dutch'
            | 'dutch_porter'
            | 'english'
            | 'esperanto'
            | 'estonian'
            | 'finnish'
            | 'french'
            | 'german'
            | 'greek'
            | 'hindi'
            | 'hungarian'
            | 'indonesian'
            | 'irish'
            | 'italian'
            | 'lithuanian'
            | 'nepali'
            | 'norwegian'
            | 'persian'
            | 'polish'
            | 'porter'
            | 'portuguese'
            | 'romanian'
            | 'russian'
            | 'serbian'
            | 'sesotho'
            | 'spanish'
            | 'swedish'
            | 'tamil'
            | 'turkish'
            | 'yiddish'
          )
        | null;
    };
    readonly NodeItem: {
      readonly actors: number;
      readonly connections?: number | null;
      readonly draining: boolean;
      readonly memoryBytes?: number | null;
      readonly name: string;
      readonly ownership?: components['schemas']['Ownership'] | null;
      readonly quarantined?: number | null;
      readonly startedAt: string;
      readonly url: string | null;
      readonly version?: string | null;
    };
    readonly NodeList: {
      readonly items: readonly components['schemas']['NodeItem'][];
      readonly nextCursor: string | null;
    };
    readonly NoteAnswer: {
      readonly note: components['schemas']['NoteItem'];
    };
    readonly NoteBody: {
      readonly baseSeq?: number | null;
      readonly collectionId?: string | null;
      readonly color?: string | null;
      readonly content?: string;
      readonly position?: components['schemas']['Place'];
      readonly size?: components['schemas']['Extents'];
      readonly tags?: readonly string[];
      readonly title?: string;
    };
    readonly NoteItem: {
      readonly authorId: string;
      readonly collectionId: string | null;
      readonly color: string | null;
      readonly content: string;
      readonly createdAt: string;
      readonly id: string;
      readonly position: components['schemas']['Position'];
      readonly seq: number;
      readonly size: components['schemas']['Size'];
      readonly tags: readonly string[];
      readonly title: string;
      readonly updatedAt: string;
      readonly workspaceId: string;
    };
    readonly NoteLinkAnswer: {
      readonly link: components['schemas']['NoteLinkItem'];
    };
    readonly NoteLinkItem: {
      readonly access: 'edit' | 'read';
      readonly createdAt: string;
      readonly creatorId: string;
      readonly expiresAt: string | null;
      readonly hasPassword: boolean;
      readonly id: string;
      readonly noteId: string;
      readonly token?: string;
      readonly url?: string;
    };
    readonly NoteLinkList: {
      readonly items: readonly components['schemas']['NoteLinkItem'][];
      readonly nextCursor: string | null;
    };
    readonly NoteList: {
      readonly items: readonly components['schemas']['NoteListItem'][];
      readonly nextCursor: string | null;
    };
    readonly NoteListItem: {
      readonly authorId: string;
      readonly collectionId: string | null;
      readonly color: string | null;
      readonly createdAt: string;
      readonly excerpt: string;
      readonly id: string;
      readonly openThreads: number;
      readonly position: components['schemas']['Position'];
      readonly seq: number;
      readonly size: components['schemas']['Size'];
      readonly tags: readonly string[];
      readonly title: string;
      readonly updatedAt: string;
      readonly workspaceId: string;
    };
    readonly NotePutAnswer: {
      readonly merged: boolean;
      readonly note: components['schemas']['NoteItem'];
    };
    readonly NoticeData: {
      readonly actorId?: string | null;
      readonly eventId?: string | null;
      readonly fileId?: string | null;
      readonly messageId?: string | null;
      readonly noteId?: string | null;
      readonly noteTitle?: string | null;
      readonly occurrence?: number | null;
      readonly role?: string | null;
      readonly text?: string | null;
      readonly threadId?: string | null;
      readonly workspaceId?: string | null;
      readonly workspaceName?: string | null;
    };
    readonly NotificationItem: {
      readonly actionUrl: string | null;
      readonly body: string;
      readonly createdAt: string;
      readonly data: components['schemas']['NoticeData'];
      readonly id: string;
      readonly kind:
        | 'announcement'
        | 'calendar.reminder'
        | 'file.shared'
        | 'invitation'
        | 'mention.chat'
        | 'mention.comment'
        | 'mention.note'
        | 'note.changed'
        | 'reply.chat'
        | 'reply.comment'
        | 'role.changed'
        | 'search.alert'
        | 'workspace.added';
      readonly read: boolean;
      readonly readAt: string | null;
      readonly title: string;
    };
    readonly NotificationList: {
      readonly items: readonly components['schemas']['NotificationItem'][];
      readonly nextCursor: string | null;
      readonly unreadCount: number;
    };
    readonly OwnedItem: {
      readonly id: string;
      readonly members: number;
      readonly name: string;
    };
    readonly Ownership: {
      readonly fenceHits?: number;
      readonly handovers?: number;
      readonly leaseLeftSeconds?: number | null;
      readonly takeovers?: number;
    };
    readonly PastNoteAnswer: {
      readonly note: components['schemas']['NoteItem'];
      readonly seq: number;
    };
    readonly Place: {
      readonly x: number;
      readonly y: number;
    };
    readonly Position: {
      readonly x?: number;
      readonly y?: number;
    };
    readonly PreferencesAnswer: {
      readonly preferences: {
        readonly [key: string]: components['schemas']['ChannelsItem'];
      };
    };
    readonly PreferencesBody: {
      readonly preferences: {
        readonly [key: string]: components['schemas']['ChannelsItem'];
      };
    };
    readonly Problem:
      | 'BAD_CHARACTERS'
      | 'DOES_NOT_REPEAT'
      | 'EMPTY'
      | 'END_BEFORE_START'
      | 'EXPIRED'
      | 'IN_THE_PAST'
      | 'MALFORMED'
      | 'NOTHING_TO_FIND'
      | 'NOTHING_TO_IMPORT'
      | 'NOT_AN_EMAIL'
      | 'NOT_AN_EMOJI'
      | 'NOT_A_DATE'
      | 'NOT_A_RULE'
      | 'NOT_A_TIME'
      | 'NOT_A_URL'
      | 'NOT_A_ZONE'
      | 'NOT_HERE'
      | 'NOT_OFFERED'
      | 'NOT_TOGETHER'
      | 'OTHER_VERSION'
      | 'OUT_OF_RANGE'
      | 'REQUIRED'
      | 'TOO_COMMON'
      | 'TOO_FEW'
      | 'TOO_LARGE'
      | 'TOO_LONG'
      | 'TOO_MANY'
      | 'TOO_MANY_BYTES'
      | 'TOO_OFTEN'
      | 'TOO_SHORT'
      | 'TOO_SMALL'
      | 'UNREADABLE'
      | 'WITHIN_ITSELF'
      | 'WRONG_CODE'
      | 'WRONG_PASSWORD';
    readonly ProfileBody: {
      readonly avatarUrl?: string | null;
      readonly displayName?: string;
    };
    readonly ProofBody: {
      readonly code?: string | null;
      readonly password?: string | null;
    };
    readonly Provider: {
      readonly id: string;
      readonly name: string;
    };
    readonly ProviderList: {
      readonly items: readonly components['schemas']['Provider'][];
      readonly nextCursor?: string | null;
    };
    readonly RangeItem: {
      readonly length: number;
      readonly userId: string | null;
    };
    readonly Reaction: {
      readonly emoji: string;
      readonly userIds: readonly string[];
    };
    readonly ReactionBody: {
      readonly emoji: string;
    };
    readonly ReadyAnswer: {
      readonly checks: {
        readonly [key: string]: 'ok';
      };
      readonly status: 'ready';
    };
    readonly RecoveryCodesAnswer: {
      readonly recoveryCodes: readonly string[];
    };
    readonly RefreshBody: {
      readonly delivery?: 'body' | 'cookie';
      readonly refreshToken?: string;
    };
    readonly RegisterBody: {
      readonly delivery?: 'body' | 'cookie';
      readonly displayName: string;
      readonly email: string;
      readonly password: string;
    };
    readonly ResetBody: {
      readonly email: string;
    };
    readonly ResetConfirmBody: {
      readonly password: string;
      readonly token: string;
    };
    readonly RevertBody: {
      readonly fromSeq?: number | null;
      readonly seq?: number | null;
      readonly toSeq?: number | null;
      readonly userId?: string | null;
      readonly versionId?: string | null;
    };
    readonly SavedSearchAnswer: {
      readonly search: components['schemas']['SavedSearchItem'];
    };
    readonly SavedSearchBody: {
      readonly alert?: boolean;
      readonly name?: string;
      readonly query?: string;
      readonly type?: 'all' | 'chat' | 'files' | 'notes';
      readonly workspaceId?: string | null;
    };
    readonly SavedSearchItem: {
      readonly alert: boolean;
      readonly createdAt: string;
      readonly id: string;
      readonly name: string;
      readonly query: string;
      readonly type: string;
      readonly workspaceId: string | null;
    };
    readonly SavedSearchList: {
      readonly items: readonly components['schemas']['SavedSearchItem'][];
      readonly nextCursor: string | null;
    };
    readonly SearchAnswer: {
      readonly asOfSeq?: number;
      readonly facets?: readonly components['schemas']['FacetItem'][];
      readonly facetsAreComplete?: boolean;
      readonly items: readonly components['schemas']['SearchItem'][];
      readonly nextCursor: string | null;
    };
    readonly SearchItem: {
      readonly id: string;
      readonly score: number;
      readonly snippet: string;
      readonly title: string;
      readonly type: 'chat' | 'file' | 'note';
      readonly updatedAt: string;
      readonly workspaceId: string;
    };
    readonly SecondFactorAnswer: {
      readonly enabled: boolean;
      readonly recoveryCodesLeft: number;
    };
    readonly SessionAnswer: {
      readonly accessToken: string;
      readonly expiresIn: number;
      readonly refreshToken?: string;
      readonly user: components['schemas']['User'];
    };
    readonly ShareBody: {
      readonly userIds: readonly string[];
    };
    readonly SharedNote: {
      readonly content: string;
      readonly seq: number;
      readonly title: string;
      readonly updatedAt: string;
    };
    readonly SharedNoteAnswer: {
      readonly access: 'edit' | 'read';
      readonly note: components['schemas']['SharedNote'];
    };
    readonly SharedNoteBody: {
      readonly password?: string | null;
      readonly token: string;
    };
    readonly SharedNotePutAnswer: {
      readonly merged: boolean;
      readonly note: components['schemas']['SharedNote'];
    };
    readonly SharedNotePutBody: {
      readonly baseSeq?: number | null;
      readonly content?: string;
      readonly password?: string | null;
      readonly title?: string;
      readonly token: string;
    };
    readonly ShareLinkAnswer: {
      readonly link: components['schemas']['ShareLinkItem'];
    };
    readonly ShareLinkItem: {
      readonly createdAt: string;
      readonly creatorId: string;
      readonly expiresAt: string | null;
      readonly id: string;
      readonly maxUses: number | null;
      readonly role: 'admin' | 'member' | 'owner' | 'viewer';
      readonly token?: string;
      readonly url?: string;
      readonly uses: number;
      readonly workspaceId: string;
    };
    readonly ShareLinkList: {
      readonly items: readonly components['schemas']['ShareLinkItem'][];
      readonly nextCursor: string | null;
    };
    readonly SharePreviewAnswer: {
      readonly link: components['schemas']['SharePreviewItem'];
    };
    readonly SharePreviewItem: {
      readonly expiresAt: string | null;
      readonly role: 'admin' | 'member' | 'owner' | 'viewer';
      readonly workspaceName: string;
    };
    readonly ShareTokenBody: {
      readonly token: string;
    };
    readonly SignInItem: {
      readonly address: string;
      readonly client: string;
      readonly createdAt: string;
      readonly expiresAt: string;
      readonly id: string;
      readonly isCurrent: boolean;
      readonly lastUsedAt: string;
    };
    readonly SignInList: {
      readonly items: readonly components['schemas']['SignInItem'][];
      readonly nextCursor: string | null;
    };
    readonly Size: {
      readonly height?: number;
      readonly width?: number;
    };
    readonly SkippedItem: {
      readonly path: string;
      readonly reason: string;
    };
    readonly StorageAnswer: {
      readonly entries: number;
      readonly notes: number;
      readonly sessions: number;
      readonly storeBytes: number;
      readonly users: number;
      readonly workspaces: number;
    };
    readonly ThreadAnswer: {
      readonly thread: components['schemas']['ThreadItem'];
    };
    readonly ThreadBody: {
      readonly resolved: boolean;
    };
    readonly ThreadItem: {
      readonly anchor: components['schemas']['Anchor'] | null;
      readonly comments: readonly components['schemas']['CommentItem'][];
      readonly createdAt: string;
      readonly id: string;
      readonly noteId: string;
      readonly quote: string;
      readonly resolvedAt: string | null;
      readonly resolvedBy: string | null;
      readonly seq: number;
    };
    readonly ThreadListAnswer: {
      readonly items: readonly components['schemas']['ThreadItem'][];
      readonly nextCursor: string | null;
    };
    readonly TicketBody: {
      readonly code: string;
      readonly delivery?: 'body' | 'cookie';
      readonly ticket: string;
    };
    readonly TransferBody: {
      readonly userId: string;
    };
    readonly User: {
      readonly avatarUrl: string | null;
      readonly createdAt: string;
      readonly displayName: string;
      readonly email: string;
      readonly emailVerified: boolean;
      readonly id: string;
      readonly role: 'admin' | 'user';
    };
    readonly UserAnswer: {
      readonly user: components['schemas']['User'];
    };
    readonly VerifyBody: {
      readonly token: string;
    };
    readonly VersionAnswer: {
      readonly version: components['schemas']['VersionItem'];
    };
    readonly VersionItem: {
      readonly createdAt: string;
      readonly id: string;
      readonly name: string;
      readonly noteId: string;
      readonly seq: number;
      readonly userId: string;
    };
    readonly VersionListAnswer: {
      readonly items: readonly components['schemas']['VersionItem'][];
      readonly nextCursor: string | null;
    };
    readonly VersionTextAnswer: {
      readonly content: string;
      readonly version: components['schemas']['VersionItem'];
    };
    readonly Vital: {
      readonly name: 'CLS' | 'FCP' | 'INP' | 'LCP' | 'TTFB';
      readonly page?:
        | 'admin'
        | 'calendar'
        | 'chat'
        | 'files'
        | 'login'
        | 'other'
        | 'search'
        | 'settings'
        | 'workspace'
        | 'workspaces';
      readonly value: number;
    };
    readonly VitalsBody: {
      readonly vitals: readonly components['schemas']['Vital'][];
    };
    readonly WatchAnswer: {
      readonly watching: boolean;
    };
    readonly WebhookAnswer: {
      readonly webhook: components['schemas']['WebhookItem'];
    };
    readonly WebhookBody: {
      readonly active?: boolean;
      readonly kinds?: readonly string[];
      readonly url?: string;
    };
    readonly WebhookItem: {
      readonly active: boolean;
      readonly createdAt: string;
      readonly creatorId: string;
      readonly failures: number;
      readonly id: string;
      readonly kinds: readonly string[];
      readonly position: number;
      readonly secret?: string;
      readonly url: string;
      readonly workspaceId: string;
    };
    readonly WebhookList: {
      readonly items: readonly components['schemas']['WebhookItem'][];
      readonly nextCursor: string | null;
    };
    readonly WorkspaceAnswer: {
      readonly workspace: components['schemas']['WorkspaceItem'];
    };
    readonly WorkspaceBody: {
      readonly color?: string | null;
      readonly description?: string;
      readonly icon?: string | null;
      readonly name?: string;
      readonly privacy?: 'private' | 'public' | 'team';
      readonly searchLanguage?:
        | (
            | 'arabic'
            | 'armenian'
            | 'basque'
            | 'catalan'
            | 'czech'
            | 'danish'
            | 'dutch'
            | 'dutch_porter'
            | 'english'
            | 'esperanto'
            | 'estonian'
            | 'finnish'
            | 'french'
            | 'german'
            | 'greek'
            | 'hindi'
            | 'hungarian'
            | 'indonesian'
            | 'irish'
            | 'italian'
            | 'lithuanian'
            | 'nepali'
            | 'norwegian'
            | 'persian'
            | 'polish'
            | 'porter'
            | 'portuguese'
            | 'romanian'
            | 'russian'
            | 'serbian'
            | 'sesotho'
            | 'spanish'
            | 'swedish'
            | 'tamil'
            | 'turkish'
            | 'yiddish'
          )
        | null;
    };
    readonly WorkspaceItem: {
      readonly color: string | null;
      readonly createdAt: string;
      readonly description: string;
      readonly icon: string | null;
      readonly id: string;
      readonly name: string;
      readonly ownerId: string;
      readonly privacy: 'private' | 'public' | 'team';
      readonly role: 'admin' | 'member' | 'owner' | 'viewer';
      readonly searchLanguage:
        | (
            | 'arabic'
            | 'armenian'
            | 'basque'
            | 'catalan'
            | 'czech'
            | 'danish'
            | 'dutch'
            | 'dutch_porter'
            | 'english'
            | 'esperanto'
            | 'estonian'
            | 'finnish'
            | 'french'
            | 'german'
            | 'greek'
            | 'hindi'
            | 'hungarian'
            | 'indonesian'
            | 'irish'
            | 'italian'
            | 'lithuanian'
            | 'nepali'
            | 'norwegian'
            | 'persian'
            | 'polish'
            | 'porter'
            | 'portuguese'
            | 'romanian'
            | 'russian'
            | 'serbian'
            | 'sesotho'
            | 'spanish'
            | 'swedish'
            | 'tamil'
            | 'turkish'
            | 'yiddish'
          )
        | null;
      readonly seq: number;
      readonly updatedAt: string;
    };
    readonly WorkspaceList: {
      readonly items: readonly components['schemas']['WorkspaceItem'][];
      readonly nextCursor: string | null;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  readonly getAdminActors: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ActorList'];
        };
      };
    };
  };
  readonly postAdminActorsByWorkspaceIdRelease: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postAdminAnnouncements: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['AnnouncementBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['AnnouncementAnswer'];
        };
      };
    };
  };
  readonly getAdminAudit: {
    readonly parameters: {
      readonly query?: {
        readonly action?: string | null;
        readonly actorId?: string | null;
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ActList'];
        };
      };
    };
  };
  readonly getAdminHealth: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['AdminHealthAnswer'];
        };
      };
    };
  };
  readonly getAdminNodes: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NodeList'];
        };
      };
    };
  };
  readonly getAdminSessions: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['AdminSignInList'];
        };
      };
    };
  };
  readonly getAdminStorage: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['StorageAnswer'];
        };
      };
    };
  };
  readonly getAdminUsers: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
        readonly q?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['AdminUserList'];
        };
      };
    };
  };
  readonly getAdminUsersByAccountId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly accountId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['AdminUserAnswer'];
        };
      };
    };
  };
  readonly putAdminUsersByAccountId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly accountId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['AdminUserBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['AdminUserAnswer'];
        };
      };
    };
  };
  readonly deleteAdminUsersByAccountIdSecondFactor: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly accountId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getAdminUsersByAccountIdSessions: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly accountId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SignInList'];
        };
      };
    };
  };
  readonly deleteAdminUsersByAccountIdSessions: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly accountId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getAdminWorkspaces: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['AdminWorkspaceList'];
        };
      };
    };
  };
  readonly postAuthEmail: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewEmailBody'];
      };
    };
    readonly responses: {
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getAuthIdentities: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['IdentityList'];
        };
      };
    };
  };
  readonly postAuthIdentities: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CameBack'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['IdentityAnswer'];
        };
      };
    };
  };
  readonly postAuthIdentitiesByIdentityIdUnlink: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly identityId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['ProofBody'];
      };
    };
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postAuthIdentitiesBegin: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['LinkBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['GoingAnswer'];
        };
      };
    };
  };
  readonly postAuthLogin: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['LoginBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SessionAnswer'];
        };
      };
    };
  };
  readonly postAuthLogout: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getAuthMe: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['UserAnswer'];
        };
      };
    };
  };
  readonly putAuthMe: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['ProfileBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['UserAnswer'];
        };
      };
    };
  };
  readonly deleteAuthMe: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['ProofBody'];
      };
    };
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postAuthMeAvatar: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'multipart/form-data': {
          readonly file: readonly string[];
          readonly workspaceId?: string;
        };
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['UserAnswer'];
        };
      };
    };
  };
  readonly deleteAuthMeAvatar: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['UserAnswer'];
        };
      };
    };
  };
  readonly getAuthMeDeletion: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['DeletionAnswer'];
        };
      };
    };
  };
  readonly postAuthPassword: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewPasswordBody'];
      };
    };
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postAuthPasswordReset: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ResetBody'];
      };
    };
    readonly responses: {
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postAuthPasswordResetConfirm: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ResetConfirmBody'];
      };
    };
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getAuthProviders: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ProviderList'];
        };
      };
    };
  };
  readonly postAuthProvidersByProviderBegin: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly provider: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['GoingAnswer'];
        };
      };
    };
  };
  readonly postAuthProvidersFinish: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ComingBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SessionAnswer'];
        };
      };
    };
  };
  readonly postAuthProvidersSecondFactor: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['TicketBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SessionAnswer'];
        };
      };
    };
  };
  readonly postAuthRefresh: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['RefreshBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SessionAnswer'];
        };
      };
    };
  };
  readonly postAuthRegister: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['RegisterBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SessionAnswer'];
        };
      };
    };
  };
  readonly getAuthSecondFactor: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SecondFactorAnswer'];
        };
      };
    };
  };
  readonly postAuthSecondFactor: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NewSecretAnswer'];
        };
      };
    };
  };
  readonly postAuthSecondFactorConfirm: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CodeBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RecoveryCodesAnswer'];
        };
      };
    };
  };
  readonly postAuthSecondFactorEnd: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CodeBody'];
      };
    };
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postAuthSecondFactorRecoveryCodes: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CodeBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RecoveryCodesAnswer'];
        };
      };
    };
  };
  readonly getAuthSessions: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SignInList'];
        };
      };
    };
  };
  readonly deleteAuthSessions: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly deleteAuthSessionsBySessionId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly sessionId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getAuthTokens: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ApiTokenList'];
        };
      };
    };
  };
  readonly postAuthTokens: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewApiTokenBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NewApiTokenAnswer'];
        };
      };
    };
  };
  readonly deleteAuthTokensByTokenId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly tokenId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postAuthVerifyEmail: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['VerifyBody'];
      };
    };
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postAuthVerifyEmailResend: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getAvatarsByAvatarId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly avatarId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'image/webp': string;
        };
      };
    };
  };
  readonly getChatByMessageId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly messageId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['MessageAnswer'];
        };
      };
    };
  };
  readonly putChatByMessageId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly messageId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['MessageBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['MessageAnswer'];
        };
      };
    };
  };
  readonly deleteChatByMessageId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly messageId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postChatByMessageIdReactions: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly messageId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ReactionBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['MessageAnswer'];
        };
      };
    };
  };
  readonly deleteChatByMessageIdReactionsByEmoji: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly emoji: string;
        readonly messageId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['MessageAnswer'];
        };
      };
    };
  };
  readonly getDocs: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'text/html': string;
        };
      };
    };
  };
  readonly getDocsPageCss: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'text/css': string;
        };
      };
    };
  };
  readonly getDocsPageJs: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'text/javascript': string;
        };
      };
    };
  };
  readonly getFeedsBySecretCalendarIcs: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly secret: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'text/calendar': string;
        };
      };
    };
  };
  readonly getFiles: {
    readonly parameters: {
      readonly query: {
        readonly cursor?: string | null;
        readonly limit?: number;
        readonly workspaceId: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['FileList'];
        };
      };
    };
  };
  readonly getFilesByFileId: {
    readonly parameters: {
      readonly query?: {
        readonly download?: boolean;
      };
      readonly header?: never;
      readonly path: {
        readonly fileId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly '*/*': string;
        };
      };
    };
  };
  readonly deleteFilesByFileId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly fileId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getFilesByFileIdPreview: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly fileId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly '*/*': string;
        };
      };
    };
  };
  readonly postFilesByFileIdShare: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly fileId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ShareBody'];
      };
    };
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getFilesByFileIdThumbnail: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly fileId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'image/webp': string;
        };
      };
    };
  };
  readonly postFilesUpload: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'multipart/form-data': {
          readonly file: readonly string[];
          readonly workspaceId?: string;
        };
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['FilesAnswer'];
        };
      };
    };
  };
  readonly postInvitationsAccept: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['InvitationTokenBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WorkspaceAnswer'];
        };
      };
    };
  };
  readonly postInvitationsPreview: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['InvitationTokenBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['InvitationPreviewAnswer'];
        };
      };
    };
  };
  readonly getNotesByNoteId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NoteAnswer'];
        };
      };
    };
  };
  readonly putNotesByNoteId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['NoteBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NotePutAnswer'];
        };
      };
    };
  };
  readonly deleteNotesByNoteId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getNotesByNoteIdAtBySeq: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
        readonly seq: number;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['PastNoteAnswer'];
        };
      };
    };
  };
  readonly getNotesByNoteIdAuthorship: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['AuthorshipAnswer'];
        };
      };
    };
  };
  readonly getNotesByNoteIdComments: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
        readonly resolved?: boolean | null;
      };
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ThreadListAnswer'];
        };
      };
    };
  };
  readonly postNotesByNoteIdComments: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewThreadBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ThreadAnswer'];
        };
      };
    };
  };
  readonly getNotesByNoteIdCommentsByThreadId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
        readonly threadId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ThreadAnswer'];
        };
      };
    };
  };
  readonly putNotesByNoteIdCommentsByThreadId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
        readonly threadId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ThreadBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ThreadAnswer'];
        };
      };
    };
  };
  readonly postNotesByNoteIdCommentsByThreadId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly noteId: string;
        readonly threadId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CommentBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ThreadAnswer'];
        };
      };
    };
  };
  readonly putNotesByNoteIdCommentsByThreadIdByCommentId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly commentId: string;
        readonly noteId: string;
        readonly threadId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['CommentBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ThreadAnswer'];
        };
      };
    };
  };
  readonly deleteNotesByNoteIdCommentsByThreadIdByCommentId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly commentId: string;
        readonly noteId: string;
        readonly threadId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getNotesByNoteIdExport: {
    readonly parameters: {
      readonly query?: {
        readonly format?: 'html' | 'md';
      };
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'text/html': string;
          readonly 'text/markdown': string;
        };
      };
    };
  };
  readonly getNotesByNoteIdHistory: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['HistoryList'];
        };
      };
    };
  };
  readonly getNotesByNoteIdLinks: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NoteLinkList'];
        };
      };
    };
  };
  readonly postNotesByNoteIdLinks: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewNoteLinkBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NoteLinkAnswer'];
        };
      };
    };
  };
  readonly deleteNotesByNoteIdLinksByLinkId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly linkId: string;
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postNotesByNoteIdRestore: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NoteAnswer'];
        };
      };
    };
  };
  readonly postNotesByNoteIdRevert: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['RevertBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NoteAnswer'];
        };
      };
    };
  };
  readonly getNotesByNoteIdVersions: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['VersionListAnswer'];
        };
      };
    };
  };
  readonly postNotesByNoteIdVersions: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewVersionBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['VersionAnswer'];
        };
      };
    };
  };
  readonly getNotesByNoteIdVersionsByVersionId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
        readonly versionId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['VersionTextAnswer'];
        };
      };
    };
  };
  readonly deleteNotesByNoteIdVersionsByVersionId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
        readonly versionId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getNotesByNoteIdWatch: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WatchAnswer'];
        };
      };
    };
  };
  readonly putNotesByNoteIdWatch: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WatchAnswer'];
        };
      };
    };
  };
  readonly deleteNotesByNoteIdWatch: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WatchAnswer'];
        };
      };
    };
  };
  readonly getNotifications: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
        readonly unread?: boolean;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NotificationList'];
        };
      };
    };
  };
  readonly deleteNotificationsByNotificationId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly notificationId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly putNotificationsByNotificationIdRead: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly notificationId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getNotificationsPreferences: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['PreferencesAnswer'];
        };
      };
    };
  };
  readonly putNotificationsPreferences: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['PreferencesBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['PreferencesAnswer'];
        };
      };
    };
  };
  readonly putNotificationsReadAll: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getOpenapiJson: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getSearch: {
    readonly parameters: {
      readonly query: {
        readonly cursor?: string | null;
        readonly facets?: boolean;
        readonly limit?: number;
        readonly q: string;
        readonly type?: 'all' | 'chat' | 'files' | 'notes';
        readonly workspaceId?: string | null;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SearchAnswer'];
        };
      };
    };
  };
  readonly getSearchSaved: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SavedSearchList'];
        };
      };
    };
  };
  readonly postSearchSaved: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewSavedSearchBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SavedSearchAnswer'];
        };
      };
    };
  };
  readonly putSearchSavedBySearchId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly searchId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['SavedSearchBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SavedSearchAnswer'];
        };
      };
    };
  };
  readonly deleteSearchSavedBySearchId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly searchId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postShareLinksJoin: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ShareTokenBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WorkspaceAnswer'];
        };
      };
    };
  };
  readonly postShareLinksPreview: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ShareTokenBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SharePreviewAnswer'];
        };
      };
    };
  };
  readonly putSharedNote: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['SharedNotePutBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SharedNotePutAnswer'];
        };
      };
    };
  };
  readonly postSharedNote: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['SharedNoteBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SharedNoteAnswer'];
        };
      };
    };
  };
  readonly postVitals: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['VitalsBody'];
      };
    };
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getWorkspaces: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WorkspaceList'];
        };
      };
    };
  };
  readonly postWorkspaces: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewWorkspaceBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WorkspaceAnswer'];
        };
      };
    };
  };
  readonly getWorkspacesByWorkspaceId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WorkspaceAnswer'];
        };
      };
    };
  };
  readonly putWorkspacesByWorkspaceId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['WorkspaceBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WorkspaceAnswer'];
        };
      };
    };
  };
  readonly deleteWorkspacesByWorkspaceId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdCalendarIcs: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'text/calendar': string;
        };
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdCalendarFeed: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['FeedAnswer'];
        };
      };
    };
  };
  readonly deleteWorkspacesByWorkspaceIdCalendarFeed: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdChat: {
    readonly parameters: {
      readonly query?: {
        readonly before?: number | null;
        readonly cursor?: string | null;
        readonly limit?: number;
        readonly replyToId?: string | null;
      };
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['MessageList'];
        };
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdChat: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewMessageBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['MessageAnswer'];
        };
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdCollections: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['CollectionList'];
        };
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdCollections: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewCollectionBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['CollectionAnswer'];
        };
      };
    };
  };
  readonly putWorkspacesByWorkspaceIdCollectionsByCollectionId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly collectionId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['CollectionBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['CollectionAnswer'];
        };
      };
    };
  };
  readonly deleteWorkspacesByWorkspaceIdCollectionsByCollectionId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly collectionId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdConnections: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ConnectionList'];
        };
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdConnections: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewConnectionBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ConnectionAnswer'];
        };
      };
    };
  };
  readonly putWorkspacesByWorkspaceIdConnectionsByConnectionId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly connectionId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['ConnectionBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ConnectionAnswer'];
        };
      };
    };
  };
  readonly deleteWorkspacesByWorkspaceIdConnectionsByConnectionId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly connectionId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdEvents: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly from?: string | null;
        readonly limit?: number;
        readonly to?: string | null;
      };
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['EventList'];
        };
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdEvents: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewEventBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['EventAnswer'];
        };
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdEventsByEventId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly eventId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['EventAnswer'];
        };
      };
    };
  };
  readonly putWorkspacesByWorkspaceIdEventsByEventId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly eventId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['EventBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['EventAnswer'];
        };
      };
    };
  };
  readonly deleteWorkspacesByWorkspaceIdEventsByEventId: {
    readonly parameters: {
      readonly query?: {
        readonly occurrence?: string | null;
      };
      readonly header?: never;
      readonly path: {
        readonly eventId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdEventsImport: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'text/calendar': string;
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ImportAnswer'];
        };
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdExport: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/zip': string;
        };
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdImport: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'multipart/form-data': {
          readonly file: readonly string[];
          readonly workspaceId?: string;
        };
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ContentsAnswer'];
        };
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdInvitations: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['InvitationList'];
        };
      };
    };
  };
  readonly deleteWorkspacesByWorkspaceIdInvitationsByInvitationId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly invitationId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdInvitationsByInvitationIdResend: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly invitationId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['InvitationAnswer'];
        };
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdMembers: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['MemberListAnswer'];
        };
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdMembers: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewMemberBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['MemberAnswer'];
        };
      };
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['InvitationAnswer'];
        };
      };
    };
  };
  readonly putWorkspacesByWorkspaceIdMembersByUserId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly userId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['MemberBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['MemberAnswer'];
        };
      };
    };
  };
  readonly deleteWorkspacesByWorkspaceIdMembersByUserId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly userId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdNotes: {
    readonly parameters: {
      readonly query?: {
        readonly collectionId?: string | null;
        readonly cursor?: string | null;
        readonly limit?: number;
        readonly sort?: 'created' | 'title' | 'updated';
        readonly tag?: string | null;
      };
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NoteList'];
        };
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdNotes: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewNoteBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NoteAnswer'];
        };
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdShareLinks: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ShareLinkList'];
        };
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdShareLinks: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewShareLinkBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ShareLinkAnswer'];
        };
      };
    };
  };
  readonly deleteWorkspacesByWorkspaceIdShareLinksByLinkId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly linkId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdTransfer: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['TransferBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WorkspaceAnswer'];
        };
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdTrash: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NoteList'];
        };
      };
    };
  };
  readonly deleteWorkspacesByWorkspaceIdTrash: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly deleteWorkspacesByWorkspaceIdTrashByNoteId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly noteId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdWebhooks: {
    readonly parameters: {
      readonly query?: {
        readonly cursor?: string | null;
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WebhookList'];
        };
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdWebhooks: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewWebhookBody'];
      };
    };
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WebhookAnswer'];
        };
      };
    };
  };
  readonly putWorkspacesByWorkspaceIdWebhooksByWebhookId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly webhookId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['WebhookBody'];
      };
    };
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['WebhookAnswer'];
        };
      };
    };
  };
  readonly deleteWorkspacesByWorkspaceIdWebhooksByWebhookId: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly webhookId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getWorkspacesByWorkspaceIdWebhooksByWebhookIdDeliveries: {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly webhookId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['DeliveryList'];
        };
      };
    };
  };
  readonly postWorkspacesByWorkspaceIdWebhooksByWebhookIdDeliveriesByDeliveryIdRedeliver: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Idempotency-Key'?: string;
      };
      readonly path: {
        readonly deliveryId: string;
        readonly webhookId: string;
        readonly workspaceId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['DeliveryAnswer'];
        };
      };
    };
  };
  readonly getHealth: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['HealthAnswer'];
        };
      };
    };
  };
  readonly getMetrics: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly getReady: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ReadyAnswer'];
        };
      };
    };
  };
}
