"""An uploaded archive is unpacked without traversal, links or bombs."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from studyhub.courses import archive


def packed(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def codes(path: Path, target: Path) -> list[str]:
    return [fault.code for fault in archive.unpack(path, target)[1]]


def test_a_zip_of_the_folder_or_of_what_is_in_it_is_the_same(tmp_path: Path) -> None:
    inside = packed(tmp_path / "a.zip", **{"course.yaml": b"x", "readings/a.md": b"y"})
    around = packed(tmp_path / "b.zip", **{"my/course.yaml": b"x", "my/readings/a.md": b"y"})
    for number, path in enumerate((inside, around)):
        folder, faults = archive.unpack(path, tmp_path / f"out{number}")
        assert faults == []
        assert (folder / "readings" / "a.md").read_bytes() == b"y"


def test_what_systems_add_is_left_out(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "a.zip", **{"c/course.yaml": b"x", "__MACOSX/c/._course.yaml": b"", "c/.DS_Store": b""}
    )
    folder, faults = archive.unpack(path, tmp_path / "out")
    assert faults == []
    assert [file.name for file in folder.iterdir()] == ["course.yaml"]


@pytest.mark.parametrize(
    "name", ["../evil.md", "/etc/evil.md", "a/../../evil.md", "C:/evil.md", "a\\evil.md"]
)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / "a.zip", **{"course.yaml": b"x", name: b"y"})
    assert codes(path, tmp_path / "deep" / "out") == ["path_outside"]
    assert not list(tmp_path.rglob("evil.md"))


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["a.md", "a.md/b.md"], "file_twice"),
        (["a/b.md", "a//b.md"], "file_twice"),
        (["长" * 90 + ".md"], "name_too_long"),
    ],
)
def test_names_that_no_file_system_holds_are_mistakes(tmp_path: Path, names: list[str], code: str) -> None:
    path = packed(tmp_path / "a.zip", **{"course.yaml": b"x"}, **dict.fromkeys(names, b"y"))
    assert codes(path, tmp_path / "out") == [code]


def test_folders_as_programs_for_windows_part_them_are_folders(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in ("c\\", "c\\course.yaml", "c\\readings\\a.md"):
            info = zipfile.ZipInfo(name)
            info.create_system = 0
            made.writestr(info, b"x" * (not name.endswith("\\")))
    folder, faults = archive.unpack(path, tmp_path / "out")
    assert faults == []
    assert (folder / "readings" / "a.md").read_bytes() == b"x"


def test_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        link = zipfile.ZipInfo("link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert codes(path, tmp_path / "out") == ["not_a_plain_file"]


def test_a_bomb_is_given_up_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_WHOLE", 1_000_000)
    path = packed(tmp_path / "a.zip", **{"a.md": bytes(600_000), "b.md": bytes(50_000_000)})
    assert path.stat().st_size < 100_000
    assert codes(path, tmp_path / "out") == ["archive_too_large"]
    assert sum(file.stat().st_size for file in (tmp_path / "out").iterdir()) <= 1_300_000


def test_too_many_files_and_a_file_twice_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", **{f"{number}.md": b"" for number in range(501)})
    assert codes(path, tmp_path / "out") == ["too_many_files"]
    twice = packed(tmp_path / "b.zip", **{"a.md": b"1", "b.md": b"2"})
    twice.write_bytes(twice.read_bytes().replace(b"b.md", b"a.md"))
    assert codes(twice, tmp_path / "out2") == ["file_twice"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_archive_is_a_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert codes(path, tmp_path / "out") == ["bad_archive"]


@pytest.mark.parametrize(("system", "encoding"), [("Windows", "gb18030"), ("macOS", "utf-8")])
def test_chinese_names_are_read_as_each_system_packs_them(tmp_path: Path, system: str, encoding: str) -> None:
    name = "口令".encode(encoding)
    path = packed(tmp_path / "a.zip", **{"a" * len(name) + ".md": b"x"})
    path.write_bytes(path.read_bytes().replace(b"a" * len(name), name))
    folder, faults = archive.unpack(path, tmp_path / "out")
    assert faults == []
    assert (folder / "口令.md").exists()
