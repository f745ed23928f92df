"""What every test can ask for. Database tests run on both engines, each test on an empty schema."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from studyhub.app import LISTENERS, create_app
from studyhub.config import Settings
from studyhub.db import migrations
from studyhub.db.database import Database
from studyhub.db.model import Model
from tests import postgresql
from tests.factories.organization import PASSWORD

# Making an example, and trying it, takes as long as the machine has other work.
hypothesis.settings.register_profile(
    "steady",
    hypothesis.settings.default,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("steady")

SECRET = "only-for-tests-" + "x" * 32
MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""10 o'clock in the morning, organisation's time."""


@dataclass
class SettableClock:
    """A clock that stands still until a test moves it."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> datetime:
        """Move on by `timedelta(**amount)`, for example `minutes=5`."""
        self.now += timedelta(**amount)
        return self.now


@dataclass
class Statements:
    """The SQL statements of a block, without BEGIN and COMMIT."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "studyhub.sqlite3"
    template = Database(f"sqlite:///{path}")
    migrations.upgrade(template)
    template.dispose()  # the last connection that closes also empties the write-ahead log
    return path


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    with postgresql.fresh_database() as url:
        template = Database(url)
        migrations.upgrade(template)
        template.dispose()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with the current schema and no rows, on each engine in turn."""
    if request.param == "sqlite":
        target = tmp_path / "studyhub.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), target)
        return f"sqlite:///{target}"
    url: str = request.getfixturevalue("postgresql_url")
    _empty(url)
    return url


def _empty(url: str) -> None:
    cleaner = Database(url)
    tables = ", ".join(f'"{table.name}"' for table in Model.metadata.sorted_tables)
    with cleaner.engine.begin() as connection:
        # Sequences run on, so that no test passes because an id happens to be 1.
        connection.execute(text(f"TRUNCATE {tables} CASCADE"))
    cleaner.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, listeners=LISTENERS)
    yield opened
    opened.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A write transaction that is committed when the test ends."""
    with database.write() as opened:
        yield opened


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def now(clock: SettableClock) -> datetime:
    return clock.now


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", database_url=database_url, secret_key=SECRET)


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Made once: its templates stay compiled. What differs from test to test, `app` puts in."""
    folder = tmp_path_factory.mktemp("application")
    unused = Settings(data_dir=folder, database_url=f"sqlite:///{folder}/unused.sqlite3", secret_key=SECRET)
    created = create_app(unused)
    created.config["TESTING"] = True
    return created


@pytest.fixture
def app(application: Flask, settings: Settings, clock: SettableClock, database: Database) -> Flask:
    """The application on the test's database, with the settable clock."""
    application.extensions.update(
        {"studyhub.settings": settings, "studyhub.clock": clock, "studyhub.database": database}
    )
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def bearer(client: FlaskClient) -> Callable[[str], dict[str, str]]:
    """`bearer(member_no)` signs in over the API and returns the headers of that session."""

    def sign_in(member_no: str, password: str = PASSWORD) -> dict[str, str]:
        answer = client.post("/api/v1/sessions", json={"member_no": member_no, "password": password})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return {"Authorization": f"Bearer {answer.get_json()['token']}"}

    return sign_in


@pytest.fixture
def count_statements(database: Database) -> Callable[[], object]:
    """`with count_statements() as statements:` then `len(statements)`."""

    @contextmanager
    def counting() -> Iterator[Statements]:
        seen = Statements()

        def note(connection, cursor, statement, parameters, context, executemany):  # type: ignore[no-untyped-def]
            if not statement.startswith(("BEGIN", "PRAGMA")):
                seen.texts.append(statement)

        engines = {database._reader, database._writer}
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", note)

    return counting
