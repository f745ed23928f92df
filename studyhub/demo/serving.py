"""The demo while it runs: server and ticker as children of one command, stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import http
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from studyhub.kernel.errors import Conflict, Unavailable

PR_SET_PDEATHSIG = 1  # linux/prctl.h
PATIENCE_S = 60
"""How long the server may take to answer, and the children together to end."""


def refuse_taken_port(host: str, port: int) -> None:
    """Raise Conflict when somebody else listens there: said at once, and not after the build."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Conflict("port_taken", host=host, port=port) from error


def run(host: str, port: int, log: Path, when_ready: Callable[[], None]) -> None:
    """Serve until told to stop (Ctrl-C, SIGTERM); what server and ticker say goes to `log`.

    Raises Unavailable when one of them gives up.
    """
    with (
        _stopping_on_signals(),
        contextlib.suppress(KeyboardInterrupt),
        log.open("ab") as said,
        _children(host, port, said) as children,
    ):
        _await_answer(_reachable(host), port, children, log)
        when_ready()
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        raise Unavailable("demo_stopped", log=str(log))


@contextlib.contextmanager
def _children(host: str, port: int, said: BinaryIO) -> Iterator[list[subprocess.Popen[bytes]]]:
    studyhub = (sys.executable, "-m", "studyhub")
    commands = ((*studyhub, "serve", "--host", host, "--port", str(port)), (*studyhub, "scheduler"))
    # Each in a group of its own: Ctrl-C reaches only us, and what is stuck can be ended with its workers.
    children = [
        subprocess.Popen(  # noqa: S603 our own commands
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            process_group=0,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 no thread runs here yet
        )
        for command in commands
    ]
    try:
        yield children
    finally:
        for child in children:
            child.terminate()
        for child in children:
            _end(child)


def _end_with_parent() -> None:
    """Ask the kernel to stop this child when its parent is killed without a chance to say so."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(PATIENCE_S / 6)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _await_answer(host: str, port: int, children: list[subprocess.Popen[bytes]], log: Path) -> None:
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends and all(child.poll() is None for child in children):
        if _answers(host, port):
            return
        time.sleep(0.1)
    raise Unavailable("demo_not_answering", log=str(log))


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    """The address under which this machine reaches itself."""
    everywhere = ("0.0.0.0", "::")  # noqa: S104 compared, not listened on
    return "127.0.0.1" if host in everywhere else host


@contextlib.contextmanager
def _stopping_on_signals() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
