"""The store: SQLAlchemy Core over SQLite, the schema that holds the invariants, and its migrations (design, section 4)."""
