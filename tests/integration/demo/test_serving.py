"""`studyhub demo` as a process: it serves what was built, and leaves nothing behind when it is stopped."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.demo import building, serving
from studyhub.demo.building import Site
from studyhub.demo.marker import Size
from studyhub.kernel.errors import Conflict

ROOT = Path(__file__).parents[3]
SECRET = "only-for-tests-" + "x" * 32


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


@pytest.fixture
def served(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A demo that was built before (its first step will do), being served."""
    settings = Settings(tmp_path, f"sqlite:///{tmp_path / 'studyhub.sqlite3'}", SECRET)
    database = Database(settings.database_url)
    site = Site(settings, database, Size(20, 3, 1, 0, 1), datetime(2026, 11, 25, 1, 0, tzinfo=UTC))
    building.build(site, "four unrelated words", lambda done, total, step: None, [building.found])
    database.dispose()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STUDYHUB")}
    with subprocess.Popen(
        [sys.executable, "-m", "studyhub", "demo", "--port", str(port), "--data-dir", str(tmp_path)],
        env=kept | {"STUDYHUB_SECRET_KEY": SECRET, "STUDYHUB_LOCALE": "en"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as demo:
        yield demo
        demo.kill()


def test_the_demo_says_where_it_is_and_stops_with_everything_it_started(
    served: subprocess.Popen[str], port: int
) -> None:
    assert served.stdout is not None
    said = []
    for line in served.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    text = "".join(said)
    assert f"http://127.0.0.1:{port}" in text, text
    assert "Password of all accounts: " in text
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()
    served.send_signal(signal.SIGTERM)
    assert served.wait(60) == 0
    serving.refuse_taken_port("127.0.0.1", port)  # nobody listens there any more


def test_a_port_that_is_taken_is_refused_before_anything_is_built(port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(Conflict, match="port_taken"):
            serving.refuse_taken_port("127.0.0.1", port)


def test_the_server_starts_without_the_application_which_its_workers_load() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import studyhub.server, sys; print('studyhub.app' in sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.strip() == "False"


def test_a_signal_is_heard_while_a_child_is_being_started() -> None:
    told = """
import os, signal, subprocess
from studyhub.demo import serving
with serving._told_to_stop() as stopped:
    os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGTERM))
    subprocess.Popen(["true"], preexec_fn=lambda: None).wait()
    print(stopped.is_set())
"""
    heard = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert heard.stdout.strip() == "True"
