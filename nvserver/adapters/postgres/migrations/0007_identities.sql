-- Who people are at providers of OpenID Connect.
CREATE TABLE identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id bytea NOT NULL,
    linked_at bigint NOT NULL,
    PRIMARY KEY (issuer, subject)
);

CREATE INDEX identities_by_user ON identities (user_id);
