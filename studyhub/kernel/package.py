"""Packages: a zip is opened without trusting a word of it, and written so that equal files give equal bytes.

Nothing is unpacked to disk here; who does that (a course, with its videos) goes by the same rules. Names that
lead out of the package, links, locked members and bombs refuse the whole package; a member is read only when
it is asked for, and no further than its declared size.
"""

from __future__ import annotations

import io
import posixpath
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping

from studyhub.kernel.errors import Unreadable

LARGEST = 64 * 1024 * 1024
MOST_UNPACKED = 96 * 1024 * 1024
MOST_MEMBERS = 10_000
DEEPEST = 20
MOST_RATIO = 200
"""Text packs to a twentieth; a member that unpacks to more than this many times its size is a bomb."""

_SMALL = 1024 * 1024
_ZIP = b"PK\x03\x04"
_DRIVE = re.compile(r"[A-Za-z]:")
_CHUNK = 256 * 1024
_UTF8_FLAG = 0x800
_LOCKED_FLAG = 0x1
_WINDOWS = 0

# ValueError: a file of which the beginning is missing has members before its first byte.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
)


def is_zip(data: bytes) -> bool:
    return data.startswith(_ZIP)


class Package:
    """A zip in memory; `names` are the paths of its files."""

    def __init__(self, data: bytes) -> None:
        """Raises Unreadable for anything that a package of ours never has."""
        if len(data) > LARGEST:
            raise Unreadable("too_large_file", bytes=len(data), largest=LARGEST)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            listed = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            raise Unreadable("broken_package") from error
        if len(listed) > MOST_MEMBERS:
            raise Unreadable("package_too_full", most=MOST_MEMBERS)
        if sum(info.file_size for info in listed) > MOST_UNPACKED:
            raise Unreadable("package_bomb", limit_mb=MOST_UNPACKED // 2**20)
        self._left = MOST_UNPACKED
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in listed:
            self._admit(info)

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, or None when there is none of this name."""
        info = self._members.get(name)
        return None if info is None else self._streamed(info)

    def head(self, name: str, size: int) -> bytes:
        """The beginning of a file, to see what it is; empty when there is none of this name."""
        info = self._members.get(name)
        try:
            return b"" if info is None else self._zip.open(info).read(size)
        except _DAMAGED as error:
            raise Unreadable("broken_package") from error

    def _admit(self, info: zipfile.ZipInfo) -> None:
        name = spelt(info)
        if not name or leads_out(name):
            raise Unreadable("package_path", name=name[:200])
        if not is_plain(info):
            raise Unreadable("package_link", name=name[:200])
        if is_locked(info):
            raise Unreadable("package_locked")
        if info.file_size > _SMALL and info.file_size > MOST_RATIO * max(1, info.compress_size):
            raise Unreadable("package_bomb", limit_mb=MOST_UNPACKED // 2**20)
        if name.endswith("/"):
            return
        if name in self._members:
            raise Unreadable("package_twice", name=name[:200])
        self._members[name] = info

    def _streamed(self, info: zipfile.ZipInfo) -> bytes:
        """What is really there, counted as it comes: the declared size is only somebody's word."""
        parts: list[bytes] = []
        try:
            with self._zip.open(info) as member:
                while part := member.read(_CHUNK):
                    self._left -= len(part)
                    if self._left < 0:
                        raise Unreadable("package_bomb", limit_mb=MOST_UNPACKED // 2**20)
                    parts.append(part)
        except _DAMAGED as error:
            raise Unreadable("broken_package") from error
        return b"".join(parts)


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()


def inside(folder: str, path: str) -> str:
    """`path`, written in a file that lies in `folder`, as a name of the package; "" when it leads out."""
    joined = posixpath.normpath(posixpath.join(folder, path.replace("\\", "/")))
    return "" if leads_out(joined) else joined


def spelt(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: Chinese Windows writes GB18030 and macOS UTF-8, and neither says so; some
    programs for Windows part folders by its own sign."""
    name = _decoded(info)
    return name.replace("\\", "/") if info.create_system == _WINDOWS else name


def _decoded(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF8_FLAG or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", errors="ignore")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def is_plain(info: zipfile.ZipInfo) -> bool:
    """Whether it is a file or a folder: no link, no device."""
    return stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG, stat.S_IFDIR)


def is_locked(info: zipfile.ZipInfo) -> bool:
    """Whether only a password opens it."""
    return bool(info.flag_bits & _LOCKED_FLAG)


def leads_out(name: str) -> bool:
    """Whether a member of this name would lie anywhere but within the package."""
    parts = name.split("/")
    return (
        name.startswith("/")
        or "\\" in name
        or "\0" in name
        or ".." in parts
        or len(parts) > DEEPEST
        or _DRIVE.match(name) is not None
    )
