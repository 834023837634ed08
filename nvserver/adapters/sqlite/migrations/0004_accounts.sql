-- What accounts need beside a password, what is remembered of requests, and who did what

ALTER TABLE users ADD COLUMN suspended_at INTEGER;

-- Sent by mail, used once. `email` is the address that the mail went to.
CREATE TABLE mail_tokens (
    hash BLOB PRIMARY KEY,
    user_id BLOB NOT NULL,
    purpose TEXT NOT NULL,
    email TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX mail_tokens_by_user ON mail_tokens (user_id, purpose);

CREATE INDEX mail_tokens_by_expiry ON mail_tokens (expires_at);

-- `scopes` are separated by blanks.
CREATE TABLE api_tokens (
    id BLOB PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    user_id BLOB NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;

CREATE INDEX api_tokens_by_user ON api_tokens (user_id);

-- What a request with an Idempotency-Key was answered. Without `status` it is being worked on until `until_at`, by whom
-- `holder` names; with it the answer is kept until then.
CREATE TABLE answers (
    request BLOB PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    holder BLOB NOT NULL,
    until_at INTEGER NOT NULL,
    status INTEGER,
    headers TEXT,
    body BLOB
) STRICT;

CREATE INDEX answers_by_end ON answers (until_at);

-- The audit log: who did what when. Rows are never changed.
CREATE TABLE acts (
    id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_id BLOB,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    address TEXT NOT NULL,
    details TEXT NOT NULL
) STRICT;

CREATE INDEX acts_by_time ON acts (at, id);

CREATE INDEX acts_by_actor ON acts (actor_id, at);

-- Second factors. `secret` is sealed under the server's key; a code is taken once: `last_step` is the newest used.
CREATE TABLE second_factors (
    user_id BLOB PRIMARY KEY,
    secret BLOB NOT NULL,
    confirmed_at INTEGER,
    last_step INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
    user_id BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (user_id, hash)
) STRICT;

-- Who was asked by mail to join a workspace; gone when it was accepted.
CREATE TABLE invitations (
    id BLOB PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    workspace_id BLOB NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    inviter_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (workspace_id, email)
) STRICT;

CREATE INDEX invitations_by_email ON invitations (email);

-- Links by which whoever has them joins a workspace.
CREATE TABLE share_links (
    id BLOB PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    workspace_id BLOB NOT NULL,
    role TEXT NOT NULL,
    creator_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    max_uses INTEGER,
    uses INTEGER NOT NULL
) STRICT;

CREATE INDEX share_links_by_workspace ON share_links (workspace_id);

-- Links by which anybody reads or edits one note.
CREATE TABLE note_links (
    id BLOB PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    workspace_id BLOB NOT NULL,
    note_id BLOB NOT NULL,
    access TEXT NOT NULL,
    creator_id BLOB NOT NULL,
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT;

CREATE INDEX note_links_by_note ON note_links (note_id);

-- Who is told what happens in a workspace. `position`: the seq up to which all was told; `secret` is sealed under the server's key,
-- a node that tells it holds it until `claimed_until`.
CREATE TABLE webhooks (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    url TEXT NOT NULL,
    kinds TEXT NOT NULL,
    creator_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    secret BLOB NOT NULL,
    position INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    claimed_until INTEGER NOT NULL
) STRICT;

CREATE INDEX webhooks_by_workspace ON webhooks (workspace_id);

CREATE TABLE webhook_deliveries (
    id BLOB PRIMARY KEY,
    webhook_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    milliseconds INTEGER NOT NULL
) STRICT;

CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, at);
