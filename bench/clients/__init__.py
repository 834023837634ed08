"""One module per protocol: how to join, to edit, and to read what comes."""
