"""A real MP4 over HTTP: by ranges, kept by the browser, and only for whom it is meant."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from studyhub.config import Settings
from studyhub.media.store import Store

Bearer = Callable[[str], dict[str, str]]


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


def test_what_a_player_gets_keeps_no_thread_of_the_server(
    app: Flask, bearer: Bearer, served: tuple[str, bytes]
) -> None:
    """The server hands a list over and goes on; of anything else it sends each piece when it is wanted."""
    url, content = served
    with app.test_request_context(url, headers={**bearer("east1"), "Range": "bytes=0-"}) as asked:
        answered = app.wsgi_app(asked.request.environ, lambda *_told: lambda _data: None)
    assert answered == [content]


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
    headers = {**bearer("east1"), "Range": "bytes=0-9"}
    answer = client.head(url, headers=headers)
    assert (answer.status_code, answer.data, answer.content_length) == (200, b"", len(content))
    kept = {**headers, "If-None-Match": answer.headers["ETag"]}
    assert client.head(url, headers=kept).status_code == 304


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


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=0-"}, {"Range": "bytes=0-9999999"}])
def test_a_proxy_that_has_the_files_is_told_which_and_sends_them_itself(
    app: Flask, settings: Settings, bearer: Bearer, served: tuple[str, bytes], asked: dict[str, str]
) -> None:
    """So that nobody on a poor network holds one of the server's threads, whatever they ask for."""
    url, _ = served
    headers, digest = bearer("east1"), url.split("/")[2]
    stranger = bearer("west1")
    app.extensions["studyhub.settings"] = replace(settings, proxies=1, media_location="/stored-media/")
    answer = app.test_client().get(url, headers={**headers, **asked})
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"", "video/mp4")
    assert answer.headers["X-Accel-Redirect"] == f"/stored-media/{digest[:2]}/{digest}"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "ETag" not in answer.headers, "the proxy has its own, by which it knows what a reader holds"
    refused = app.test_client().get(url, headers={**stranger, **asked})
    assert (refused.status_code, refused.headers.get("X-Accel-Redirect")) == (404, None)


def test_a_kept_file_is_readable_by_the_group_of_the_proxy(
    settings: Settings, served: tuple[str, bytes]
) -> None:
    digest = served[0].split("/")[2]
    assert Store(settings.data_dir).path(digest).stat().st_mode & 0o777 == 0o640


def test_a_folder_is_open_to_the_group_of_the_proxy_whatever_the_umask(
    settings: Settings, tmp_path: Path
) -> None:
    source = tmp_path / "video"
    source.write_bytes(b"moving")
    before = os.umask(0o077)
    try:
        stored = Store(settings.data_dir).add(source)
    finally:
        os.umask(before)
    place = Store(settings.data_dir).path(stored.digest)
    assert [each.stat().st_mode & 0o777 for each in (place.parent.parent, place.parent)] == [0o750, 0o750]
