"""Pictures and sounds of a bank: checked beside their file, stored by content, shown to who is cleared."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.kernel.errors import Unprocessable
from studyhub.media.models import MediaUse
from studyhub.media.store import Store
from studyhub.organization.states import Level
from studyhub.questions import bank_file, images
from studyhub.questions.commands import banks
from studyhub.questions.formats.container import opened
from studyhub.questions.models import QuestionRevision
from tests.factories.items import PIXEL
from tests.factories.questions import plan

SOUND = b"ID3\x04\x00\x00\x00\x00\x00\x00"
BANK = """bank: pictures
title: 看图
language: zh
level: public
questions:
  - id: one
    type: single
    prompt: "**图**中是什么？![一个点](media/one.png)"
    options: {A: 点, B: "![录音](media/two.mp3)"}
    answer: A
    explanation: 一个点。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "banks"
    (place / "media").mkdir(parents=True)
    (place / "pictures.yaml").write_text(BANK, "utf-8")
    (place / "media" / "one.png").write_bytes(PIXEL)
    (place / "media" / "two.mp3").write_bytes(SOUND)
    return place


def zipped(folder: Path) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                package.writestr(f"bank/{file.relative_to(folder)}", file.read_bytes())
    place = folder.parent / "pictures.zip"
    place.write_bytes(buffer.getvalue())
    return place


def invoke(app: Flask, *words: object) -> Result:
    return CliRunner().invoke(banks, list(map(str, words)), obj=lambda *_settings: app)


def html(database: Database) -> list[dict[str, str]]:
    query = select(QuestionRevision.html).order_by(QuestionRevision.id)
    with database.read() as session:
        return list(session.scalars(query))


def codes(app: Flask, place: Path) -> list[tuple[int, str]]:
    report = json.loads(invoke(app, "check", place, "--json").output)
    return [(f["line"], f["code"]) for listed in report["files"] for f in listed["faults"]]


@pytest.mark.parametrize("pack", [lambda folder: folder, zipped])
def test_a_bank_comes_in_with_its_pictures_and_sounds(
    app: Flask, database: Database, folder: Path, tmp_path: Path, pack: object
) -> None:
    assert callable(pack)
    done = invoke(app, "import", pack(folder))
    assert done.exit_code == 0, done.output
    [shown] = html(database)
    address = shown["prompt"].split('src="')[1].split('"')[0]
    assert address.endswith("/one.png")
    digest = address.split("/")[2]
    assert Store(app.extensions["studyhub.settings"].data_dir).path(digest).read_bytes() == PIXEL
    assert shown["options.B"].startswith('<audio controls="" preload="none" src="/media/')
    assert 'aria-label="录音"' in shown["options.B"]
    with database.read() as session:
        uses = session.execute(select(MediaUse.owner, MediaUse.level, MediaUse.branch_id)).all()
    assert [tuple(use) for use in uses] == [("bank:pictures", Level.PUBLIC, None)] * 2


def test_another_picture_under_the_same_name_is_another_revision(
    app: Flask, database: Database, folder: Path
) -> None:
    invoke(app, "import", folder)
    again = json.loads(invoke(app, "import", folder, "--json").output)
    assert again["banks"][0]["unchanged"] == 1
    (folder / "media" / "one.png").write_bytes(PIXEL + b"\0")
    changed = json.loads(invoke(app, "import", folder, "--json").output)
    assert changed["banks"][0]["changed"] == 1
    with database.read() as session:
        assert len(session.scalars(select(MediaUse.digest)).all()) == 3  # the old one stays for old papers


def test_an_exported_bank_takes_its_pictures_along_and_comes_back_as_it_was(
    app: Flask, database: Database, folder: Path, tmp_path: Path
) -> None:
    invoke(app, "import", folder)
    out = tmp_path / "out.zip"
    assert invoke(app, "export", "pictures", "-o", out).exit_code == 0
    with zipfile.ZipFile(out) as package:
        assert package.read("media/one.png") == PIXEL
        assert b"media:" not in package.read("pictures.yaml")
    again = json.loads(invoke(app, "import", out, "--json").output)
    assert again["banks"][0]["unchanged"] == 1


def test_what_is_not_there_or_not_what_it_says_is_a_fault_at_its_text(app: Flask, folder: Path) -> None:
    (folder / "media" / "one.png").unlink()
    (folder / "media" / "two.mp3").write_bytes(b"<script>")
    assert codes(app, folder) == [(8, "image_missing"), (9, "image_type")]
    (folder / "media" / "one.png").write_bytes(SOUND)
    assert codes(app, folder)[0] == (8, "image_name")
    (folder / "media" / "one.png").write_bytes(PIXEL + bytes(images.LARGEST))
    assert codes(app, folder)[0] == (8, "image_too_large")
    assert invoke(app, "import", folder).exit_code == 1


def test_a_name_with_blanks_that_is_read_to_the_first_of_them_has_its_way_out_as_a_hint(
    app: Flask, folder: Path
) -> None:
    (folder / "media" / "one.png").rename(folder / "media" / "图 一.png")
    bank, path = folder / "pictures.yaml", "media/图 一.png"
    bank.write_text(BANK.replace("media/one.png", path), "utf-8")
    (fault, *_) = json.loads(invoke(app, "check", folder, "--json").output)["files"][0]["faults"]
    assert (fault["code"], "(<media/图 一.png>)" in fault["hint"]) == ("image_missing", True)
    bank.write_text(BANK.replace("media/one.png", f"<{path}>"), "utf-8")
    assert codes(app, folder) == []


def test_nothing_outside_the_folder_is_taken(app: Flask, folder: Path) -> None:
    """Planted: a picture beside the folder, named by `..` and by a link."""
    (folder.parent / "secret.png").write_bytes(PIXEL)
    (folder / "media" / "link.png").symlink_to(folder.parent / "secret.png")
    for path in ("../secret.png", "media/link.png"):
        (folder / "pictures.yaml").write_text(BANK.replace("media/one.png", path), "utf-8")
        assert codes(app, folder) == [(8, "image_missing")]


def test_a_file_alone_says_that_its_pictures_are_not_shown(app: Flask) -> None:
    checked = bank_file.check(BANK.encode())
    assert [f.code for f in checked.faults] == ["image_not_shown", "image_not_shown"]
    far = bank_file.check(BANK.replace("media/one.png", "https://example.org/x.png").encode())
    assert [f.code for f in far.faults] == ["image_elsewhere", "image_not_shown"]


def test_a_stored_picture_that_is_not_here_is_refused(database: Database, now: datetime) -> None:
    named = BANK.replace("media/one.png", f"media:{'0' * 64}/one.png")
    with pytest.raises(Unprocessable, match="unknown_media"):
        plan(database, named, now)


def test_the_check_of_a_zip_never_writes_it(app: Flask, folder: Path) -> None:
    (folder / "pictures.yaml").write_text(BANK.replace("answer:", "anwser:"), "utf-8")
    place = zipped(folder)
    before = place.read_bytes()
    assert invoke(app, "check", place, "--fix").exit_code == 1
    assert place.read_bytes() == before


def test_a_broken_zip_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    place = tmp_path / "x.zip"
    place.write_bytes(b"PK\x03\x04nothing")
    told = invoke(app, "check", place)
    assert told.exit_code == 1
    assert "Traceback" not in told.output
    assert opened(b"bank: x") == (b"bank: x", None)


def test_a_list_says_what_a_picture_shows_and_not_where_it_is_kept() -> None:
    stored = f"**图**中？![一个点](media:{'0' * 64}/one.png) 选一个 ![](a.png)"
    assert images.in_words(stored) == "**图**中？[一个点] 选一个 []"
