-- What accounts need beside a password, what is remembered of requests, and who did what

ALTER TABLE users ADD COLUMN suspended_at bigint;

-- Sent by mail, used once. `email` is the address that the mail went to.
CREATE TABLE mail_tokens (
    hash bytea PRIMARY KEY,
    user_id bytea NOT NULL,
    purpose text NOT NULL,
    email text NOT NULL,
    expires_at bigint NOT NULL
);

CREATE INDEX mail_tokens_by_user ON mail_tokens (user_id, purpose);

CREATE INDEX mail_tokens_by_expiry ON mail_tokens (expires_at);

-- `scopes` are separated by blanks.
CREATE TABLE api_tokens (
    id bytea PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    user_id bytea NOT NULL,
    name text NOT NULL,
    scopes text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    last_used_at bigint
);

CREATE INDEX api_tokens_by_user ON api_tokens (user_id);

-- What a request with an Idempotency-Key was answered. Without `status` it is being worked on until `until_at`, by whom
-- `holder` names; with it the answer is kept until then.
CREATE TABLE answers (
    request bytea PRIMARY KEY,
    fingerprint bytea NOT NULL,
    holder bytea NOT NULL,
    until_at bigint NOT NULL,
    status bigint,
    headers text,
    body bytea
);

CREATE INDEX answers_by_end ON answers (until_at);

-- The audit log: who did what when. Rows are never changed.
CREATE TABLE acts (
    id bytea PRIMARY KEY,
    at bigint NOT NULL,
    actor_id bytea,
    action text NOT NULL,
    outcome text NOT NULL,
    address text NOT NULL,
    details text NOT NULL
);

CREATE INDEX acts_by_time ON acts (at, id);

CREATE INDEX acts_by_actor ON acts (actor_id, at);

-- Second factors. `secret` is sealed under the server's key; a code is taken once: `last_step` is the newest used.
CREATE TABLE second_factors (
    user_id bytea PRIMARY KEY,
    secret bytea NOT NULL,
    confirmed_at bigint,
    last_step bigint NOT NULL
);

CREATE TABLE recovery_codes (
    user_id bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (user_id, hash)
);

-- Who was asked by mail to join a workspace; gone when it was accepted.
CREATE TABLE invitations (
    id bytea PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    workspace_id bytea NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    inviter_id bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    UNIQUE (workspace_id, email)
);

CREATE INDEX invitations_by_email ON invitations (email);

-- Links by which whoever has them joins a workspace.
CREATE TABLE share_links (
    id bytea PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    workspace_id bytea NOT NULL,
    role text NOT NULL,
    creator_id bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    max_uses bigint,
    uses bigint NOT NULL
);

CREATE INDEX share_links_by_workspace ON share_links (workspace_id);

-- Links by which anybody reads or edits one note.
CREATE TABLE note_links (
    id bytea PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    workspace_id bytea NOT NULL,
    note_id bytea NOT NULL,
    access text NOT NULL,
    creator_id bytea NOT NULL,
    password_hash text,
    created_at bigint NOT NULL,
    expires_at bigint
);

CREATE INDEX note_links_by_note ON note_links (note_id);

-- Who is told what happens in a workspace. `position`: the seq up to which all was told; `secret` is sealed under the server's key,
-- a node that tells it holds it until `claimed_until`.
CREATE TABLE webhooks (
    id bytea PRIMARY KEY,
    workspace_id bytea NOT NULL,
    url text NOT NULL,
    kinds text NOT NULL,
    creator_id bytea NOT NULL,
    created_at bigint NOT NULL,
    secret bytea NOT NULL,
    position bigint NOT NULL,
    failures bigint NOT NULL,
    is_active boolean NOT NULL,
    claimed_until bigint NOT NULL
);

CREATE INDEX webhooks_by_workspace ON webhooks (workspace_id);

CREATE TABLE webhook_deliveries (
    id bytea PRIMARY KEY,
    webhook_id bytea NOT NULL,
    at bigint NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint NOT NULL,
    attempt bigint NOT NULL,
    status bigint,
    error text,
    milliseconds bigint NOT NULL
);

CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, at);
