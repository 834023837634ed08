-- What people do together beside the text.

-- The chat. `seq` is that of the message's posting, `reactions` JSON.
CREATE TABLE chat_messages (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    user_id BLOB NOT NULL,
    text TEXT NOT NULL,
    reply_to_id BLOB,
    created_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER,
    reactions BLOB NOT NULL
) STRICT;

CREATE INDEX chat_messages_by_seq ON chat_messages (workspace_id, seq);

CREATE INDEX chat_messages_by_reply ON chat_messages (workspace_id, reply_to_id, seq) WHERE reply_to_id IS NOT NULL;

-- `data` is JSON.
CREATE TABLE notifications (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL,
    workspace_id BLOB,
    kind TEXT NOT NULL,
    data BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    read_at INTEGER,
    is_mailed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX notifications_by_user ON notifications (user_id, created_at, id);

CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;

CREATE INDEX notifications_unmailed ON notifications (created_at) WHERE read_at IS NULL AND is_mailed = 0;

CREATE TABLE notification_preferences (
    user_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    in_app INTEGER NOT NULL,
    email INTEGER NOT NULL,
    PRIMARY KEY (user_id, kind)
) STRICT, WITHOUT ROWID;
