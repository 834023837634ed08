"""A small actor kit: mailbox, actor, supervisor. It knows nothing of documents."""
