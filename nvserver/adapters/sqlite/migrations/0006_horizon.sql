-- Where logs begin, what is put aside because it failed, and the versions of notes that people named.

-- A log's horizon: its entries up to `seq` are gone, `body` is the state that they left.
CREATE TABLE bases (
    workspace_id BLOB PRIMARY KEY,
    seq INTEGER NOT NULL,
    checksum BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX note_index_by_workspace ON note_index (workspace_id, note_id);

-- Workspaces that crashed too often: closed until they are released.
CREATE TABLE quarantines (
    workspace_id BLOB PRIMARY KEY,
    since INTEGER NOT NULL,
    node TEXT NOT NULL,
    reason TEXT NOT NULL,
    crashes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Messages whose handling failed, as they were: `body` is JSON, `digest` its hash.
CREATE TABLE poison_messages (
    workspace_id BLOB NOT NULL,
    digest BLOB NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    error TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (workspace_id, digest)
) STRICT;

CREATE INDEX poison_messages_by_time ON poison_messages (workspace_id, at);

-- The texts of named versions, in UTF-8.
CREATE TABLE note_versions (
    id BLOB PRIMARY KEY,
    note_id BLOB NOT NULL,
    content BLOB NOT NULL
) STRICT;

CREATE INDEX note_versions_by_note ON note_versions (note_id);
