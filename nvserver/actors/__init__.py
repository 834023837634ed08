"""A small actor kit: mailbox, supervisor, timer. It knows nothing of documents."""
