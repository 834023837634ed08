"""The workspace actor and its kin."""
