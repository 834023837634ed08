-- Ids are the 16 bytes of UUIDs, times milliseconds since 1970 UTC.
-- No foreign keys on the path of an append: the op log is written by the workspace's one actor, and each would cost a look-up.

CREATE TABLE meta (
    key text PRIMARY KEY,
    value text NOT NULL
);

-- Who may append to a workspace, and where its log ends. Every append updates its row: half of each page stays free, so that
-- the new version finds room beside the old one and no index is touched.
CREATE TABLE logs (
    workspace_id bytea PRIMARY KEY,
    epoch bigint NOT NULL,
    head bigint NOT NULL,
    owner text
) WITH (fillfactor = 50);

-- The op log: one sequence for each workspace.
CREATE TABLE ops (
    workspace_id bytea NOT NULL,
    seq bigint NOT NULL,
    epoch bigint NOT NULL,
    at bigint NOT NULL,
    user_id bytea NOT NULL,
    client_id bytea,
    client_seq bigint,
    payload_hash bytea,
    note_id bytea,
    body bytea NOT NULL,
    PRIMARY KEY (workspace_id, seq)
);

CREATE UNIQUE INDEX ops_by_number ON ops (workspace_id, client_id, client_seq) WHERE client_id IS NOT NULL;

CREATE INDEX ops_by_note ON ops (workspace_id, note_id, seq) WHERE note_id IS NOT NULL;

CREATE TABLE snapshots (
    workspace_id bytea NOT NULL,
    seq bigint NOT NULL,
    checksum bytea NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (workspace_id, seq)
);

-- The index. `info` is the workspace's WorkspaceInfo as JSON.
CREATE TABLE workspaces (
    id bytea PRIMARY KEY,
    created_at bigint NOT NULL,
    info bytea NOT NULL
);

CREATE TABLE members (
    workspace_id bytea NOT NULL,
    user_id bytea NOT NULL,
    role text NOT NULL,
    joined_at bigint NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);

CREATE INDEX members_by_user ON members (user_id);

CREATE TABLE note_index (
    note_id bytea PRIMARY KEY,
    workspace_id bytea NOT NULL
);

CREATE TABLE users (
    id bytea PRIMARY KEY,
    email text NOT NULL UNIQUE,
    display_name text NOT NULL,
    avatar_url text,
    email_verified boolean NOT NULL,
    system_role text NOT NULL,
    created_at bigint NOT NULL,
    password_hash text NOT NULL
);

-- A sign-in: a family of refresh tokens, each used once. A revoked one is deleted, its tokens with it.
CREATE TABLE auth_sessions (
    id bytea PRIMARY KEY,
    user_id bytea NOT NULL,
    client text NOT NULL,
    address text NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint NOT NULL,
    expires_at bigint NOT NULL
);

CREATE INDEX auth_sessions_by_user ON auth_sessions (user_id);

CREATE INDEX auth_sessions_by_expiry ON auth_sessions (expires_at);

CREATE TABLE refresh_tokens (
    hash bytea PRIMARY KEY,
    session_id bytea NOT NULL REFERENCES auth_sessions (id) ON DELETE CASCADE,
    used_at bigint,
    successor bytea
);

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
