"""Files known by what they hold: `<data>/media/ab/abcdef…`. They are written once and never change."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from studyhub.kernel.disk import sync

DIGEST = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1024 * 1024
_READABLE, _ENTERED = 0o640, 0o050
"""By the group as well: a proxy that sends the files itself runs as another user."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that the store holds: its SHA-256 in hexadecimal, and its size in bytes."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored file and what it is."""

    stored: Stored
    media_type: str


class Store:
    """A folder of content-addressed files of one installation."""

    def __init__(self, data_dir: Path, folder: str = "media") -> None:
        self._folder = data_dir / folder

    def path(self, digest: str) -> Path:
        """Where the file with this digest is, if it is there. Raises ValueError for what is no digest."""
        if not DIGEST.fullmatch(digest):
            raise ValueError("not a digest")
        return self._folder / digest[:2] / digest

    def holds(self, digests: Iterable[str]) -> bool:
        """Whether all of these files are here."""
        return all(self.path(digest).is_file() for digest in digests)

    def add(self, source: Path) -> Stored:
        """Keep a copy of the file. It is on the disk, whole, when this returns; or an OSError is raised."""
        _make(self._folder)
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".incoming-")
        incoming = Path(name)
        try:
            with os.fdopen(handle, "wb") as target, source.open("rb") as file:
                stored = _copied(file, target)
                os.fchmod(target.fileno(), _READABLE)
            place = self.path(stored.digest)
            _make(place.parent)
            incoming.replace(place)  # written anew, it is also as young as its last upload
            sync(place.parent)
        finally:
            incoming.unlink(missing_ok=True)
        return stored

    def discard(self, digest: str) -> None:
        """Remove a file that nobody needs any more."""
        self.path(digest).unlink(missing_ok=True)

    def digests(self) -> set[str]:
        """Of all files that are here whole."""
        return {path.name for path in self._folder.glob("*/*") if DIGEST.fullmatch(path.name)}

    def sweep(self, before: float) -> None:
        """Remove what was written before this moment (seconds since 1970)."""
        for path in self._folder.glob("*/*"):
            if path.is_file() and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)


def _make(folder: Path) -> None:
    """Make a folder that is not there yet, open to its group whatever the umask says."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return
    folder.chmod(stat.S_IMODE(folder.stat().st_mode) | _ENTERED)


def _copied(file: BinaryIO, target: BinaryIO) -> Stored:
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        target.write(chunk)
        size += len(chunk)
    target.flush()
    os.fsync(target.fileno())
    return Stored(digest.hexdigest(), size)
