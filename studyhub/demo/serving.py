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
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from studyhub.kernel.errors import Conflict, Unavailable

PR_SET_PDEATHSIG = 1  # linux/prctl.h
ANSWER_S = 300
"""How long a living server may take to answer: a busy machine needs minutes."""
END_S = 10
"""How long a child may take to end before it is ended."""


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
    with _told_to_stop() as stopped, log.open("ab") as said, _children() as children:
        children.append(_start(["studyhub.server", "--host", host, "--port", str(port)], said))
        if not _await_answer(_reachable(host), port, children, stopped):
            if stopped.is_set():
                return
            raise Unavailable("demo_not_answering", log=str(log))
        when_ready()
        # Only now: on two cores it would take from the server's start what nobody waits for.
        children.append(_start(["studyhub", "scheduler"], said))
        while not stopped.wait(0.5):
            if any(child.poll() is not None for child in children):
                raise Unavailable("demo_stopped", log=str(log))


@contextlib.contextmanager
def _children() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Those that are started meanwhile, ended together."""
    children: list[subprocess.Popen[bytes]] = []
    try:
        yield children
    finally:
        for child in children:
            child.terminate()
        for child in children:
            _end(child)


def _start(module: Sequence[str], said: BinaryIO) -> subprocess.Popen[bytes]:
    """Run a module of ours. In a group of its own: Ctrl-C reaches only us, and what is stuck can be ended
    with its workers."""
    return subprocess.Popen(  # noqa: S603 our own commands
        [sys.executable, "-m", *module],
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        process_group=0,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 no thread runs here yet
    )


def _end_with_parent() -> None:
    """Ask the kernel to stop this child when its parent is killed without a chance to say so."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(END_S)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _await_answer(
    host: str, port: int, children: list[subprocess.Popen[bytes]], stopped: threading.Event
) -> bool:
    """Whether the server answers, before anybody loses patience."""
    ends = time.monotonic() + ANSWER_S
    while time.monotonic() < ends and all(child.poll() is None for child in children):
        if stopped.wait(0.1):
            return False
        if _answers(host, port):
            return True
    return False


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
def _told_to_stop() -> Iterator[threading.Event]:
    """Set by Ctrl-C and SIGTERM. An exception instead would be lost while a child is being started: Python
    swallows what is raised around a fork."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
