"""A backup is a folder: the database, the media, the secret key, and a manifest of every file's checksum."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from studyhub.config import Settings
from studyhub.db import copying, migrations
from studyhub.db.database import Database
from studyhub.kernel.disk import sync
from studyhub.kernel.errors import Conflict, Refused, Unprocessable
from studyhub.kernel.presence import alone
from studyhub.organization.trail import anchor

MANIFEST = "manifest.json"
SECRET = "secret_key"
MEDIA = "media"
FORMAT = 1


class BackupDamaged(Refused):
    """A file of the backup is missing or not what the manifest says."""

    status = 422
    default_code = "backup_damaged"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `files` maps a path in the folder to its size and SHA-256."""

    made_at: str
    engine: str
    revision: str
    files: dict[str, dict[str, Any]]

    @property
    def total_bytes(self) -> int:
        return sum(int(entry["size"]) for entry in self.files.values())


def back_up(database: Database, settings: Settings, folder: Path, now: datetime) -> Manifest:
    """Write a backup into `folder`, which must not exist or be empty. It appears whole or not at all."""
    folder = folder.resolve()  # `.` has no name, and its neighbour is wanted
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict("backup_target_not_empty", folder=str(folder))
    revision = migrations.current(database)
    if revision is None:
        raise Conflict("database_not_set_up")
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    # The anchor first: it may only ever speak of seals that the database copy holds too.
    _copy_anchor(settings.data_dir, partial)
    copying.copy_out(database, partial)
    _copy_media(settings.data_dir / MEDIA, partial / MEDIA)
    _write_private(partial / SECRET, settings.secret_key)
    engine = "sqlite" if database.is_sqlite else "postgresql"
    manifest = Manifest(now.isoformat(), engine, revision, dict(_checksums(partial)))
    _write_manifest(partial, manifest)
    _keep(partial)
    if folder.exists():
        folder.rmdir()
    os.replace(partial, folder)
    sync(folder.parent)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup, after every file was checked against it. Raises BackupDamaged."""
    try:
        stored = json.loads((folder / MANIFEST).read_text("utf-8"))
        manifest = Manifest(stored["made_at"], stored["engine"], stored["revision"], stored["files"])
        wrong_format = stored["format"] != FORMAT
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupDamaged("backup_not_found", folder=str(folder)) from error
    if wrong_format:
        raise Unprocessable("backup_of_another_version")
    found = dict(_checksums(folder))
    for name, expected in manifest.files.items():
        if found.get(name) != expected:
            raise BackupDamaged(file=name)
    return manifest


def restore(database: Database, settings: Settings, folder: Path, *, force: bool) -> Manifest:
    """Put a backup in the place of what is there.

    Raises Conflict while a server or a scheduler is at work on the data folder, which no `force` overrides,
    and unless the target is empty or `force` says to replace it.
    """
    manifest = read_manifest(folder)
    with alone(settings.data_dir):
        _put_in_place(database, settings, folder, manifest, force=force)
    return manifest


def _put_in_place(
    database: Database, settings: Settings, folder: Path, manifest: Manifest, *, force: bool
) -> None:
    if manifest.engine != ("sqlite" if database.is_sqlite else "postgresql"):
        raise Conflict("backup_of_another_engine", engine=manifest.engine)
    if not force and not copying.is_empty(database):
        raise Conflict("restore_target_not_empty")
    secret = secret_of(folder)
    _refuse_fixed_secret(settings, secret)
    database.dispose()
    copying.copy_in(database, folder, manifest.revision)
    # Not before: if the copy fails, what is there keeps the only key that it checks out under.
    _restore_secret(settings, secret)
    migrations.upgrade(database)
    _copy_media(folder / MEDIA, settings.data_dir / MEDIA)
    (settings.data_dir / anchor.NAME).unlink(missing_ok=True)
    _copy_anchor(folder, settings.data_dir)


def secret_of(folder: Path) -> str:
    """The secret key that a backup holds."""
    return (folder / SECRET).read_text("ascii")


def _refuse_fixed_secret(settings: Settings, secret: str) -> None:
    """Raise Conflict when another key is needed that only the operator can set (STUDYHUB_SECRET_KEY)."""
    kept = settings.data_dir / SECRET
    if settings.secret_key != secret and (
        not kept.exists() or kept.read_text("ascii").strip() != settings.secret_key
    ):
        raise Conflict("restore_needs_other_secret", file=SECRET)


def _restore_secret(settings: Settings, secret: str) -> None:
    """Sessions and the audit chain only check out under the key that they were made with."""
    if settings.secret_key == secret:
        return
    incoming = settings.data_dir / f"{SECRET}.incoming"
    incoming.unlink(missing_ok=True)
    _write_private(incoming, secret)
    os.replace(incoming, settings.data_dir / SECRET)


def _copy_anchor(source: Path, target: Path) -> None:
    if (source / anchor.NAME).exists():
        shutil.copyfile(source / anchor.NAME, target / anchor.NAME)


def _copy_media(source: Path, target: Path) -> None:
    """A file appears whole or not at all, and replaces one of its name: that one may be the damaged one.

    All of them are on the disk when this returns.
    """
    folders: set[Path] = set()
    for file in _files(source):
        if file.name.startswith("."):  # an upload that is still on its way
            continue
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        incoming = copy.with_name(f".incoming-{copy.name}")
        try:
            shutil.copyfile(file, incoming)
        except FileNotFoundError:  # nothing used it, and it was swept away meanwhile
            incoming.unlink(missing_ok=True)
            continue
        sync(incoming)
        os.replace(incoming, copy)
        folders |= {copy.parent, target, target.parent}
    for folder in folders:
        sync(folder)


def _keep(folder: Path) -> None:
    """Have every file and folder on the disk before the backup gets its name: a power cut leaves none."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _checksums(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in _files(folder):
        name = file.relative_to(folder).as_posix()
        if name == MANIFEST:
            continue
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        yield name, {"size": file.stat().st_size, "sha256": digest}


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    content = {
        "format": FORMAT,
        "made_at": manifest.made_at,
        "engine": manifest.engine,
        "revision": manifest.revision,
        "files": manifest.files,
    }
    (folder / MANIFEST).write_text(json.dumps(content, indent=1, ensure_ascii=False), "utf-8")


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
