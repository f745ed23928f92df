"""A course folder as a .zip that somebody uploaded: unpacked without traversal, links or bombs."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from studyhub.kernel.faults import Fault
from studyhub.kernel.package import is_locked, is_plain, leads_out, spelt

MOST_FILES = 500
LARGEST_FILE = 512 * 1024 * 1024
LARGEST_WHOLE = 1024 * 1024 * 1024
DEEPEST = 8
LONGEST_NAME = 255
"""Bytes: what file systems take."""
_CHUNK = 256 * 1024
# What systems add to archives by themselves.
_IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


def unpack(archive: Path, target: Path) -> tuple[Path, list[Fault]]:
    """Unpack into `target`; returns the folder that holds the course, and what is wrong with the archive.

    Sizes are counted while unpacking: what an archive says of itself is not believed.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            faults = _faults(opened)
            if not faults:
                faults = _unpack_all(opened, target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        return target, [Fault("bad_archive")]
    return _only_folder(target), faults


def _wanted(opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [
        info
        for info in opened.infolist()
        if not spelt(info).endswith("/")
        and not any(part in _IGNORED for part in PurePosixPath(spelt(info)).parts)
    ]


def _faults(opened: zipfile.ZipFile) -> list[Fault]:
    wanted = _wanted(opened)
    faults = [fault for info in wanted for fault in _faults_of(info)]
    if len(wanted) > MOST_FILES:
        faults.append(Fault("too_many_files", params={"most": MOST_FILES}))
    names = [PurePosixPath(spelt(info)) for info in wanted]
    if len({*names}) != len(names) or any(parent in names for name in names for parent in name.parents):
        faults.append(Fault("file_twice"))
    return faults


def _faults_of(info: zipfile.ZipInfo) -> list[Fault]:
    name = spelt(info)
    path = PurePosixPath(name)
    if not is_plain(info):
        return [Fault("not_a_plain_file", params={"value": name})]
    if any(len(part.encode()) > LONGEST_NAME for part in path.parts):
        return [Fault("name_too_long", params={"value": f"{path.name[:40]}…"})]
    if len(path.parts) > DEEPEST:
        return [Fault("path_too_deep", params={"value": name})]
    if leads_out(name):
        return [Fault("path_outside", params={"value": name})]
    if is_locked(info):
        return [Fault("encrypted", params={"value": name})]
    return []


def _unpack_all(opened: zipfile.ZipFile, target: Path) -> list[Fault]:
    left = LARGEST_WHOLE
    for info in _wanted(opened):
        place = target / PurePosixPath(spelt(info))
        place.parent.mkdir(parents=True, exist_ok=True)
        size = _unpack_one(opened, info, place, min(left, LARGEST_FILE))
        if size is None:
            return [Fault("archive_too_large", params={"value": spelt(info)})]
        left -= size
    return []


def _unpack_one(opened: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path, most: int) -> int | None:
    """How many bytes the file has; None, and no more of it written, when it is more than `most`."""
    size = 0
    with opened.open(info) as packed, place.open("xb") as file:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            if size > most:
                return None
            file.write(chunk)
    return size


def _only_folder(target: Path) -> Path:
    """People zip the folder, or what is in it: both are meant."""
    if (target / "course.yaml").exists() or not target.is_dir():
        return target
    folders = [path for path in target.iterdir() if path.is_dir()]
    return folders[0] if len(folders) == 1 else target
