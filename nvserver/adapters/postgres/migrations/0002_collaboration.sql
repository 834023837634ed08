-- What people do together beside the text.

-- The chat. `seq` is that of the message's posting, `reactions` JSON.
CREATE TABLE chat_messages (
    id bytea PRIMARY KEY,
    workspace_id bytea NOT NULL,
    seq bigint NOT NULL,
    user_id bytea NOT NULL,
    text text NOT NULL,
    reply_to_id bytea,
    created_at bigint NOT NULL,
    edited_at bigint,
    deleted_at bigint,
    reactions bytea NOT NULL
);

CREATE INDEX chat_messages_by_seq ON chat_messages (workspace_id, seq);

CREATE INDEX chat_messages_by_reply ON chat_messages (workspace_id, reply_to_id, seq) WHERE reply_to_id IS NOT NULL;

-- `data` is JSON.
CREATE TABLE notifications (
    id bytea PRIMARY KEY,
    user_id bytea NOT NULL,
    workspace_id bytea,
    kind text NOT NULL,
    data bytea NOT NULL,
    created_at bigint NOT NULL,
    read_at bigint,
    is_mailed boolean NOT NULL DEFAULT false
);

CREATE INDEX notifications_by_user ON notifications (user_id, created_at, id);

CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;

CREATE INDEX notifications_unmailed ON notifications (created_at) WHERE read_at IS NULL AND NOT is_mailed;

CREATE TABLE notification_preferences (
    user_id bytea NOT NULL,
    kind text NOT NULL,
    in_app boolean NOT NULL,
    email boolean NOT NULL,
    PRIMARY KEY (user_id, kind)
);
