"""Whether a server or a scheduler is at work on a data folder: each holds a shared lock on a file in it.

The lock is the process's own, so that whoever was killed holds none.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studyhub.kernel.errors import Conflict

NAME = "at-work"


@contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """Be at work on the folder. Raises Conflict while somebody has it to themselves."""
    with _locked(folder, fcntl.LOCK_SH, "restore_under_way"):
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Have the folder to oneself. Raises Conflict while anybody is at work on it."""
    with _locked(folder, fcntl.LOCK_EX, "studyhub_is_running"):
        yield


@contextmanager
def _locked(folder: Path, how: int, otherwise: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(otherwise, folder=str(folder)) from None
        yield
    finally:
        os.close(handle)
