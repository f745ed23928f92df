"""A real MP4 over HTTP: by ranges, kept by the browser, and only for whom it is meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.media import operations
from studyhub.media.operations import Audience
from studyhub.media.store import Kept, Store
from studyhub.organization.roles import Role
from studyhub.organization.states import Level
from tests.factories import organization as people
from tests.factories import videos

Bearer = Callable[[str], dict[str, str]]


@pytest.fixture
def served(database: Database, settings: Settings, tmp_path: Path, now: datetime) -> tuple[str, bytes]:
    """The address and the bytes of an internal video for the east branch."""
    source = videos.video_file(tmp_path)
    stored = Store(settings.data_dir).add(source)
    with database.write() as session:
        root = people.branch(session, "city", now)
        east = people.branch(session, "east", now, parent=root)
        west = people.branch(session, "west", now, parent=root)
        people.member(session, "east1", east, now)
        people.member(session, "west1", west, now)
        people.member(session, "outsider", east, now, clearance=Level.PUBLIC)
        people.grant(session, people.member(session, "editor1", west, now), Role.EDITOR, now)
        operations.record(session, [Kept(stored, "video/mp4")], now)
        operations.use(session, "course:x", [stored.digest], Audience(Level.INTERNAL, (east.id,)))
    return f"/media/{stored.digest}/video.mp4", source.read_bytes()


def test_a_player_seeks_by_ranges(client: FlaskClient, bearer: Bearer, served: tuple[str, bytes]) -> None:
    url, content = served
    headers = bearer("east1")
    whole = client.get(url, headers=headers)
    assert whole.status_code == 200
    assert whole.data == content
    assert whole.mimetype == "video/mp4"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    part = client.get(url, headers={**headers, "Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.data == content[100:200]
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(content)}"
    assert part.content_length == 100
    last = client.get(url, headers={**headers, "Range": "bytes=-50"})
    assert last.data == content[-50:]


def test_a_range_beyond_the_end_is_416_and_says_the_size(
    client: FlaskClient, bearer: Bearer, served: tuple[str, bytes]
) -> None:
    url, content = served
    answer = client.get(url, headers={**bearer("east1"), "Range": f"bytes={len(content)}-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(content)}"


def test_what_the_browser_holds_is_not_sent_again(
    client: FlaskClient, bearer: Bearer, served: tuple[str, bytes]
) -> None:
    url, content = served
    headers = bearer("east1")
    tag = client.head(url, headers=headers).headers["ETag"]
    kept = client.get(url, headers={**headers, "If-None-Match": tag})
    assert (kept.status_code, kept.data) == (304, b"")
    resumed = client.get(url, headers={**headers, "Range": "bytes=10-", "If-Range": tag})
    assert resumed.status_code == 206
    changed = client.get(url, headers={**headers, "Range": "bytes=10-", "If-Range": '"other"'})
    assert (changed.status_code, len(changed.data)) == (200, len(content))


def test_head_tells_the_size_and_sends_nothing(
    client: FlaskClient, bearer: Bearer, served: tuple[str, bytes]
) -> None:
    url, content = served
    answer = client.head(url, headers=bearer("east1"))
    assert (answer.status_code, answer.data, answer.content_length) == (200, b"", len(content))


def test_a_file_is_only_for_those_it_is_meant_for(
    client: FlaskClient, bearer: Bearer, served: tuple[str, bytes]
) -> None:
    url, _ = served
    assert client.get(url).status_code in (302, 401)
    assert client.get(url, headers=bearer("west1")).status_code == 404
    assert client.get(url, headers=bearer("outsider")).status_code == 404
    assert client.get(url, headers=bearer("editor1")).status_code == 200


def test_an_unknown_file_and_nonsense_are_404(
    client: FlaskClient, bearer: Bearer, served: tuple[str, bytes]
) -> None:
    headers = bearer("east1")
    for digest in ("0" * 64, "..%2f..%2fetc", "x"):
        assert client.get(f"/media/{digest}/a.mp4", headers=headers).status_code == 404
