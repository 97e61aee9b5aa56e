"""The revisions of the schema, as Alembic lays them out."""
