"""The schema's version: bring it up, take it down, compare it with the models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from studyhub.db.database import Database
from studyhub.db.model import Model
from studyhub.db.searching import SEARCH_INDEX
from studyhub.kernel.shipped import shipped_folder


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(shipped_folder("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to `revision` in one transaction."""
    with database.engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def begin_anew(connection: Connection, revision: str) -> None:
    """An empty schema of `revision` in the place of what is there, within the transaction that is open."""
    if MigrationContext.configure(connection).get_current_revision() is not None:
        command.downgrade(_config(connection), "base")
    command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Take the schema down to `revision`: what the newer revisions hold is lost."""
    with database.engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def current(database: Database) -> str | None:
    """The revision that the database is at; None when it was never set up."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The revision that this version of StudyHub needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise LookupError("there are no migrations: the installation is incomplete")
    return revision


def differences(database: Database) -> list[Any]:
    """How the database differs from the models, as Alembic's operations; empty when it does not."""
    with database.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": _is_modelled}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, Model.metadata))


def _is_modelled(name: str | None, kind: str, parents: Mapping[str, str | None]) -> bool:
    """Whether the models should know it; the engines' own search index (and its tables) they do not."""
    return not (name or "").startswith(SEARCH_INDEX)
