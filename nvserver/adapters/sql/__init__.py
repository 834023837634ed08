"""What SQLite and PostgreSQL share: the SQL that is one text for both, and the form of the rows.

A text is written for PostgreSQL: `$1` is the first argument, `$1::type` where PostgreSQL cannot know the type.
What differs (append, migrations, errors) stands in the adapters' own packages.
"""
