-- Entries that purged a note. Until it is done, what is told of the note before is on its way out of the log; the row stays,
-- so that no state from before is stored afterwards.
CREATE TABLE purges (
    workspace_id bytea NOT NULL,
    seq bigint NOT NULL,
    note_id bytea NOT NULL,
    is_done boolean NOT NULL,
    PRIMARY KEY (workspace_id, seq)
);

CREATE INDEX purges_pending ON purges (workspace_id, seq) WHERE NOT is_done;
