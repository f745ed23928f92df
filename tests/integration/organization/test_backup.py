"""A backup that was restored is what was backed up; a damaged one is not restored at all."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from studyhub.config import Settings
from studyhub.db import copying, migrations
from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict
from studyhub.kernel.presence import NAME, alone, at_work
from studyhub.organization.actor import SYSTEM
from studyhub.organization.audit import Act, record
from studyhub.organization.jobs import seal_trail
from studyhub.organization.models import Member
from studyhub.organization.operating import backup as backups
from studyhub.organization.operating.backup import BackupDamaged, back_up, read_manifest, restore
from studyhub.organization.operating.doctor import Patient, State, examine
from studyhub.organization.trail.anchor import read_anchor
from studyhub.organization.trail.chain import chain_key
from studyhub.organization.trail.verification import verify
from studyhub.tasks.context import WorkContext
from tests.factories import organization as make


@pytest.fixture
def backup(database: Database, settings: Settings, now: datetime, tmp_path: Path) -> Path:
    """The backup of a small organisation with a sealed trail and a media file."""
    with database.write() as session:
        root = make.branch(session, "city", now)
        home = make.branch(session, "home", now, parent=root)
        make.member(session, "li", home, now, name="李\t秀\\兰")
        record(session, SYSTEM, Act.SIGNED_IN, "member:li", {"名": "李"}, now=now)
    seal_trail(WorkContext(settings, database, lambda: now))
    media = settings.data_dir / "media" / "ab"
    media.mkdir(parents=True)
    (media / "abcd").write_bytes(b"picture")
    (settings.data_dir / "secret_key").write_text(settings.secret_key)
    back_up(database, settings, tmp_path / "backup", now)
    return tmp_path / "backup"


@pytest.fixture
def emptied(backup: Path, database: Database, settings: Settings) -> None:
    """The machine after it was lost."""
    shutil.rmtree(settings.data_dir)
    with database.write() as session:
        for table in ("audit_seal", "audit_entry", "membership", "member", "branch_parent"):
            session.execute(text(f"DELETE FROM {table}"))
        session.execute(text("UPDATE branch SET parent_id = NULL"))
        session.execute(text("DELETE FROM branch"))


def test_what_is_restored_is_what_was_backed_up(
    backup: Path, emptied: None, database: Database, settings: Settings, now: datetime
) -> None:
    restore(database, settings, backup, force=False)
    with database.read() as session:
        assert session.execute(select(Member.name)).scalars().all() == ["李\t秀\\兰"]
        found = verify(session, chain_key(settings.secret_key), read_anchor(settings.data_dir), now)
    assert (found.whole, found.sealed) == (True, 1)
    assert (settings.data_dir / "media" / "ab" / "abcd").read_bytes() == b"picture"


def test_life_goes_on_after_a_restore(
    backup: Path, emptied: None, database: Database, settings: Settings, now: datetime
) -> None:
    restore(database, settings, backup, force=False)
    with database.write() as session:
        home = make.branch(session, "new", now)
        make.member(session, "wang", home, now)
    with database.read() as session:
        assert len(session.execute(select(Member)).all()) == 2


def test_nothing_is_overwritten_unless_told_to(backup: Path, database: Database, settings: Settings) -> None:
    with pytest.raises(Conflict, match="restore_target_not_empty"):
        restore(database, settings, backup, force=False)
    restore(database, settings, backup, force=True)


def test_nothing_is_restored_under_a_running_server_or_scheduler(
    backup: Path, database: Database, settings: Settings
) -> None:
    folder = settings.data_dir
    with at_work(folder), at_work(folder), pytest.raises(Conflict, match="studyhub_is_running"):
        restore(database, settings, backup, force=True)
    restore(database, settings, backup, force=True)
    with alone(folder), pytest.raises(Conflict, match="restore_under_way"), at_work(folder):
        pass


@pytest.mark.parametrize("command", [("scheduler",), ("serve", "--port", "0")])
def test_a_server_and_a_scheduler_are_at_work_on_their_folder_until_they_end(
    backup: Path, database: Database, settings: Settings, command: tuple[str, ...]
) -> None:
    if "serve" in command:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            command = ("serve", "--port", str(free.getsockname()[1]))
    environment = os.environ | {
        "STUDYHUB_DATA_DIR": str(settings.data_dir),
        "STUDYHUB_DATABASE_URL": settings.database_url,
    }
    started = [sys.executable, "-m", "studyhub", *command]
    # A group of its own: the server's workers hold the lock too, and end with it.
    with subprocess.Popen(started, env=environment, start_new_session=True) as process:
        try:
            _wait_until_held(settings.data_dir / NAME)
            with pytest.raises(Conflict, match="studyhub_is_running"):
                restore(database, settings, backup, force=True)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    for _ in range(100):  # the workers die a moment after whom we wait for
        with suppress(Conflict):
            restore(database, settings, backup, force=True)
            return
        time.sleep(0.1)
    raise AssertionError("the lock outlived its holders")


def _wait_until_held(path: Path) -> None:
    """Wait for the lock on the file, which is taken a moment after the file was made."""
    for _ in range(600):
        if path.exists() and f":{path.stat().st_ino} " in Path("/proc/locks").read_text("ascii"):
            return
        time.sleep(0.1)
    raise AssertionError(f"nobody holds {path}")


def test_a_restore_that_breaks_off_changes_nothing(backup: Path, database: Database) -> None:
    if database.is_sqlite:
        (backup / copying.SQLITE_FILE).unlink()
    else:
        with (backup / copying.TABLES / "member.copy").open("ab") as file:
            file.write(b"no such row\n")
    database.dispose()
    with pytest.raises((OSError, psycopg.Error)):
        copying.copy_in(database, backup, migrations.head())
    with database.read() as session:
        assert session.execute(select(Member.member_no)).scalars().all() == ["li"]


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_damaged_backup_changes_nothing(
    backup: Path, database: Database, settings: Settings, damage: str
) -> None:
    victim = backup / "media" / "ab" / "abcd"
    if damage == "changed":
        victim.write_bytes(b"another")
    else:
        victim.unlink()
    with pytest.raises(BackupDamaged):
        restore(database, settings, backup, force=True)
    with database.read() as session:
        assert session.execute(select(Member)).first() is not None


def test_a_restore_heals_a_damaged_media_file(backup: Path, database: Database, settings: Settings) -> None:
    (settings.data_dir / "media" / "ab" / "abcd").write_bytes(b"pic")
    restore(database, settings, backup, force=True)
    assert (settings.data_dir / "media" / "ab" / "abcd").read_bytes() == b"picture"


def test_an_upload_on_its_way_is_not_backed_up(
    backup: Path, database: Database, settings: Settings, now: datetime, tmp_path: Path
) -> None:
    (settings.data_dir / "media" / ".incoming-x").write_bytes(b"half")
    back_up(database, settings, tmp_path / "second", now)
    assert not list((tmp_path / "second").rglob(".incoming-*"))


def test_a_file_that_is_swept_away_meanwhile_breaks_no_backup(
    backup: Path, database: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = settings.data_dir / "media" / "ab" / "swept"
    found = [*backups._files(settings.data_dir / "media"), swept]
    listed = backups._files
    monkeypatch.setattr(
        backups, "_files", lambda folder: found if folder == settings.data_dir / "media" else listed(folder)
    )
    back_up(database, settings, backup.with_name("later"), now)
    assert {path.name for path in listed(backup.with_name("later") / "media")} == {"abcd"}


def test_a_backup_is_written_into_the_folder_that_one_is_in(
    backup: Path, database: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = backup.with_name("here")
    here.mkdir()
    monkeypatch.chdir(here)
    back_up(database, settings, Path(), now)
    assert read_manifest(here).files


def test_a_restore_that_fails_leaves_the_old_key(
    backup: Path, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("studyhub.db.copying.copy_in", full)
    kept = settings.data_dir / "secret_key"
    kept.write_text("z" * 40)
    with pytest.raises(OSError, match="no space"):
        restore(database, replace(settings, secret_key="z" * 40), backup, force=True)
    assert kept.read_text() == "z" * 40


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupDamaged, match="backup_not_found"):
        read_manifest(tmp_path)


def test_all_of_it_is_on_the_disk_before_it_gets_its_name(
    backup: Path, database: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: list[Path] = []
    second = backup.with_name("second")
    sync, rename = os.fsync, os.replace

    def noted(handle: int) -> None:
        on_disk.append(Path(os.readlink(f"/proc/self/fd/{handle}")))
        sync(handle)

    def power_cut(source: Path, target: Path) -> None:
        if Path(target) == second:
            raise OSError("power cut")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(os, "replace", power_cut)
    with pytest.raises(OSError, match="power cut"):
        back_up(database, settings, second, now)
    partial = backup.with_name("second.partial")
    assert {partial, *partial.rglob("*")} <= set(on_disk)
    with pytest.raises(BackupDamaged, match="backup_not_found"):
        read_manifest(second)
    monkeypatch.undo()
    assert read_manifest(backup).files.keys() == back_up(database, settings, second, now).files.keys()


def test_restored_media_are_on_the_disk_before_they_get_their_name(
    backup: Path, emptied: None, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: list[Path] = []
    sync, rename = os.fsync, os.replace

    def noted(handle: int) -> None:
        on_disk.append(Path(os.readlink(f"/proc/self/fd/{handle}")))
        sync(handle)

    def renamed(source: Path, target: Path) -> None:
        if "media" in Path(target).parts:
            assert Path(source) in on_disk
        rename(source, target)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(os, "replace", renamed)
    restore(database, settings, backup, force=False)
    media = settings.data_dir / "media"
    assert (media / "ab" / "abcd").read_bytes() == b"picture"
    assert {media, media / "ab"} <= set(on_disk)


def test_a_backup_never_lands_on_other_files(
    database: Database, settings: Settings, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(Conflict, match="backup_target_not_empty"):
        back_up(database, settings, tmp_path, now)


def test_only_the_owner_reads_a_backup(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0
    assert (backup / backups.SECRET).stat().st_mode & 0o077 == 0


def test_under_another_key_it_is_not_restored(backup: Path, database: Database, settings: Settings) -> None:
    (settings.data_dir / "secret_key").unlink()
    with pytest.raises(Conflict, match="restore_needs_other_secret"):
        restore(database, replace(settings, secret_key="y" * 40), backup, force=True)


def test_the_doctor_finds_what_is_wrong(database: Database, settings: Settings, now: datetime) -> None:
    findings = {finding.check: finding.state for finding in examine(Patient(settings, database, now))}
    assert findings["database"] is findings["schema"] is findings["integrity"] is findings["font"] is State.OK
    assert findings["scheduler"] is findings["admin"] is State.WARNING
    with database.write() as session:
        record(session, SYSTEM, Act.SIGNED_IN, "member:x", now=now.replace(year=2020))
    later = {finding.check: finding.state for finding in examine(Patient(settings, database, now))}
    assert later["seals"] is State.ERROR
