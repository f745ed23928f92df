"""Files are known by what they hold."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from studyhub.media.store import Store


def test_a_file_is_kept_under_its_digest(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(b"picture" * 400_000)
    store = Store(tmp_path / "data")
    stored = store.add(source)
    assert stored.digest == hashlib.sha256(source.read_bytes()).hexdigest()
    assert stored.size == source.stat().st_size
    assert store.path(stored.digest).read_bytes() == source.read_bytes()
    assert store.path(stored.digest).parent.name == stored.digest[:2]


def test_the_same_bytes_are_one_file_and_nothing_half_written_stays(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(b"x")
    store = Store(tmp_path / "data")
    assert store.add(source) == store.add(source)
    assert len([path for path in (tmp_path / "data").rglob("*") if path.is_file()]) == 1


def test_a_source_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    store = Store(tmp_path / "data")
    with pytest.raises(OSError, match="absent"):
        store.add(tmp_path / "absent")
    assert not [path for path in (tmp_path / "data").rglob("*") if path.is_file()]


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "/.."])
def test_what_is_no_digest_is_no_path(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        Store(tmp_path).path(digest)
