"""The server under load: StudyHub as it is, and beside it the two floors, in the same workers."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from benchmarks.load import WORKERS
from studyhub.commands import served_app
from studyhub.config import Settings
from studyhub.db.database import Database

floor = Table(
    "bench_floor",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("body", Text),
    Column("count", Integer),
)


def make_floor_table(database: Database, rows: int) -> None:
    floor.metadata.create_all(database.engine)
    with database.write() as session:
        session.execute(floor.insert(), [{"id": n, "body": "x" * 80, "count": 0} for n in range(rows)])


def constant() -> dict[str, str]:
    return {"answer": "constant"}


def worker() -> dict[str, int]:
    return {"worker": os.getpid()}


def bare_flask(settings: Settings) -> Flask:
    """The floors: a constant, and one indexed read with one upsert, committed through SQLAlchemy.

    The targets are ratios to the pair as SQLAlchemy's manual writes it, built anew in each request. Beside it
    stands the same pair built once, the fastest there is (docs/decisions/0048).
    """
    app = Flask("floor", static_folder=None)
    app.add_url_rule("/floor/constant", view_func=constant)
    app.add_url_rule("/floor/worker", view_func=worker)
    _add_pairs(app, Database(settings.database_url))
    return app


def _add_pairs(app: Flask, database: Database) -> None:
    dialect: Any = sqlite if database.is_sqlite else postgresql

    def reading(row: Any) -> Any:
        return select(floor.c.body, floor.c.count).where(floor.c.id == row)

    def upserting(**values: Any) -> Any:
        insert = dialect.insert(floor)
        changes = {"body": insert.excluded.body, "count": floor.c.count + 1}
        return insert.values(**values).on_conflict_do_update(index_elements=["id"], set_=changes)

    read, upsert = reading(bindparam("row")), upserting()

    @app.put("/floor/upsert/<int:row>")
    def read_and_upsert(row: int) -> dict[str, Any]:
        with database.write() as session:
            found = session.execute(read, {"row": row}).first()
            session.execute(upsert, {"id": row, "body": "y" * 80, "count": 0})
        return {"count": found.count if found else 0}

    @app.put("/floor/built/<int:row>")
    def build_read_and_upsert(row: int) -> dict[str, Any]:
        with database.write() as session:
            found = session.execute(reading(row)).first()
            session.execute(upserting(id=row, body="y" * 80, count=0))
        return {"count": found.count if found else 0}


def application() -> Callable[..., Any]:
    """The WSGI application that the benchmark's server runs."""
    studyhub, floors = served_app(), bare_flask(Settings.from_environment())

    def route(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        inner = floors if environ["PATH_INFO"].startswith("/floor/") else studyhub
        return inner(environ, start_response)

    return route


START_S = 120
SERVE = (
    "from granian import Granian; from granian.constants import Interfaces; import sys;"
    "Granian('benchmarks.server:application', factory=True, address='127.0.0.1', port=int(sys.argv[1]),"
    " interface=Interfaces.WSGI, workers=int(sys.argv[2]), blocking_threads=4,"
    " respawn_failed_workers=True).serve()"
)


@contextmanager
def serving(environment: dict[str, str], port: int) -> Iterator[tuple[str, int]]:
    """The server in processes of its own, for as long as the block lasts."""
    command = [sys.executable, "-c", SERVE, str(port), str(WORKERS)]
    # The log is written, as in service, and thrown away afterwards.
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log) as server,
    ):
        try:
            _wait_for(port)
            yield "127.0.0.1", port
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=60)
            server.kill()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/floor/constant")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"the server on port {port} did not start within {START_S} s")
