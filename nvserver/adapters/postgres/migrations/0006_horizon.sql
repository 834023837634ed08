-- Where logs begin, what is put aside because it failed, and the versions of notes that people named.

-- A log's horizon: its entries up to `seq` are gone, `body` is the state that they left.
CREATE TABLE bases (
    workspace_id bytea PRIMARY KEY,
    seq bigint NOT NULL,
    checksum bytea NOT NULL,
    body bytea NOT NULL
);

CREATE INDEX note_index_by_workspace ON note_index (workspace_id, note_id);

-- Workspaces that crashed too often: closed until they are released.
CREATE TABLE quarantines (
    workspace_id bytea PRIMARY KEY,
    since bigint NOT NULL,
    node text NOT NULL,
    reason text NOT NULL,
    crashes bigint NOT NULL
);

-- Messages whose handling failed, as they were: `body` is JSON, `digest` its hash.
CREATE TABLE poison_messages (
    workspace_id bytea NOT NULL,
    digest bytea NOT NULL,
    at bigint NOT NULL,
    kind text NOT NULL,
    error text NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (workspace_id, digest)
);

CREATE INDEX poison_messages_by_time ON poison_messages (workspace_id, at);

-- The texts of named versions, in UTF-8.
CREATE TABLE note_versions (
    id bytea PRIMARY KEY,
    note_id bytea NOT NULL,
    content bytea NOT NULL
);

CREATE INDEX note_versions_by_note ON note_versions (note_id);
