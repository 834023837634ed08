-- Files and search.

-- What can be found. `seq` is the workspace's at the document's last change; `tags` are folded, each between two \x1f.
-- `words` come cut and folded: those of the title with weight A, of the tags with B, of the body with D. Those of the
-- title, and of title and tags, stand for themselves too: an index knows no weights.
CREATE TABLE search_documents (
    id bytea PRIMARY KEY,
    workspace_id bytea NOT NULL,
    kind text NOT NULL,
    seq bigint NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    tags text NOT NULL,
    author_id bytea NOT NULL,
    updated_at bigint NOT NULL,
    is_hidden boolean NOT NULL,
    title_words tsvector NOT NULL,
    label_words tsvector NOT NULL,
    words tsvector NOT NULL
);

-- Texts lie beside the table, so that whoever looks for the newest of many reads little.
ALTER TABLE search_documents ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE search_documents SET (toast_tuple_target = 256);

CREATE INDEX search_documents_by_workspace ON search_documents (workspace_id, updated_at);

CREATE INDEX search_documents_by_time ON search_documents (updated_at, id);

CREATE INDEX search_documents_by_word ON search_documents USING gin (words);

CREATE INDEX search_documents_by_title_word ON search_documents USING gin (title_words);

CREATE INDEX search_documents_by_label_word ON search_documents USING gin (label_words);

-- Up to where each workspace's log is indexed.
CREATE TABLE search_positions (
    workspace_id bytea PRIMARY KEY,
    seq bigint NOT NULL
);

CREATE TABLE saved_searches (
    id bytea PRIMARY KEY,
    user_id bytea NOT NULL,
    name text NOT NULL,
    query text NOT NULL,
    kind text NOT NULL,
    workspace_id bytea,
    alert boolean NOT NULL,
    created_at bigint NOT NULL
);

CREATE INDEX saved_searches_by_user ON saved_searches (user_id, created_at);

-- Files of workspaces, by their id; `info` is the FileInfo as JSON. Their bytes lie in the blob store.
CREATE TABLE files (
    id bytea PRIMARY KEY,
    workspace_id bytea NOT NULL,
    created_at bigint NOT NULL,
    info bytea NOT NULL
);

CREATE INDEX files_by_workspace ON files (workspace_id, created_at, id);

-- Events of calendars; `info` is the CalendarEvent as JSON. `due_at`: when to look for its next reminder (0: at once).
CREATE TABLE calendar_events (
    id bytea PRIMARY KEY,
    workspace_id bytea NOT NULL,
    due_at bigint,
    info bytea NOT NULL
);

CREATE INDEX calendar_events_by_workspace ON calendar_events (workspace_id);

CREATE INDEX calendar_events_by_time ON calendar_events (due_at) WHERE due_at IS NOT NULL;

-- Secret addresses of calendars, one for a person and a workspace.
CREATE TABLE calendar_feeds (
    hash bytea PRIMARY KEY,
    user_id bytea NOT NULL,
    workspace_id bytea NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE (user_id, workspace_id)
);
