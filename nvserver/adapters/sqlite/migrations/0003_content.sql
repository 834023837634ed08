-- Files and search.

-- What can be found. `seq` is the workspace's at the document's last change; `tags` are folded, each between two \x1f.
CREATE TABLE search_documents (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    workspace_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    seq INTEGER NOT NULL,
    author_id BLOB NOT NULL,
    updated_at INTEGER NOT NULL,
    is_hidden INTEGER NOT NULL,
    tags TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE INDEX search_documents_by_workspace ON search_documents (workspace_id, updated_at);

-- The words of each document, by its number. They come cut and folded: this tokenizer only parts them at the spaces.
CREATE VIRTUAL TABLE search_words USING fts5(title, labels, body, tokenize = 'ascii', prefix = '2 3');

-- Up to where each workspace's log is indexed.
CREATE TABLE search_positions (
    workspace_id BLOB PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_searches (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    kind TEXT NOT NULL,
    workspace_id BLOB,
    alert INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX saved_searches_by_user ON saved_searches (user_id, created_at);

-- Files of workspaces, by their id; `info` is the FileInfo as JSON. Their bytes lie in the blob store.
CREATE TABLE files (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    info BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX files_by_workspace ON files (workspace_id, created_at, id);

-- Events of calendars; `info` is the CalendarEvent as JSON. `due_at`: when to look for its next reminder (0: at once).
CREATE TABLE calendar_events (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    due_at INTEGER,
    info BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX calendar_events_by_workspace ON calendar_events (workspace_id);

CREATE INDEX calendar_events_by_time ON calendar_events (due_at) WHERE due_at IS NOT NULL;

-- Secret addresses of calendars, one for a person and a workspace.
CREATE TABLE calendar_feeds (
    hash BLOB PRIMARY KEY,
    user_id BLOB NOT NULL,
    workspace_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (user_id, workspace_id)
) STRICT;
