-- Ids are the 16 bytes of UUIDs, times milliseconds since 1970 UTC.
-- No foreign keys on the path of an append: the op log is written by the workspace's one actor, and each would cost a look-up.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who may append to a workspace, and where its log ends.
CREATE TABLE logs (
    workspace_id BLOB PRIMARY KEY,
    epoch INTEGER NOT NULL,
    head INTEGER NOT NULL,
    owner TEXT
) STRICT, WITHOUT ROWID;

-- The op log: one sequence for each workspace. Rows lie in the order in which they are read.
CREATE TABLE ops (
    workspace_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    at INTEGER NOT NULL,
    user_id BLOB NOT NULL,
    client_id BLOB,
    client_seq INTEGER,
    payload_hash BLOB,
    note_id BLOB,
    body BLOB NOT NULL,
    PRIMARY KEY (workspace_id, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX ops_by_number ON ops (workspace_id, client_id, client_seq) WHERE client_id IS NOT NULL;

CREATE INDEX ops_by_note ON ops (workspace_id, note_id, seq) WHERE note_id IS NOT NULL;

CREATE TABLE snapshots (
    workspace_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    checksum BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (workspace_id, seq)
) STRICT;

-- The index. `info` is the workspace's WorkspaceInfo as JSON.
CREATE TABLE workspaces (
    id BLOB PRIMARY KEY,
    created_at INTEGER NOT NULL,
    info BLOB NOT NULL
) STRICT;

CREATE TABLE members (
    workspace_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    role TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_user ON members (user_id);

CREATE TABLE note_index (
    note_id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    avatar_url TEXT,
    email_verified INTEGER NOT NULL,
    system_role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    password_hash TEXT NOT NULL
) STRICT;

-- A sign-in: a family of refresh tokens, each used once. A revoked one is deleted, its tokens with it.
CREATE TABLE auth_sessions (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL,
    client TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX auth_sessions_by_user ON auth_sessions (user_id);

CREATE INDEX auth_sessions_by_expiry ON auth_sessions (expires_at);

CREATE TABLE refresh_tokens (
    hash BLOB PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES auth_sessions (id) ON DELETE CASCADE,
    used_at INTEGER,
    successor BLOB
) STRICT;

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
