"""Runs the migrations on the connection that `upgrade.py` hands over, within its transaction."""

from alembic import context

from bot.adapters.store import invariants

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True)
invariants.remove(connection)
context.run_migrations()
invariants.install(connection)
