"""Alembic's entry: runs the revisions on the connection that `studyhub.db.migrations` hands over."""

from alembic import context

from studyhub.db.model import Model

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    render_as_batch=False,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
