"""Files over HTTP: by ranges, so that a player can seek; kept by the browser, for they never change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flask import Response, request

from studyhub.kernel.errors import NotFound
from studyhub.kernel.permissions import Permission
from studyhub.media import queries, ranges
from studyhub.media.queries import File
from studyhub.media.ranges import Answer, Part
from studyhub.media.store import DIGEST, Store
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.services import settings
from studyhub.web.transaction import read

room = Room("media", __name__)
ROOMS = (room,)

_CHUNK = 64 * 1024
_AT_ONCE = 4 * 1024 * 1024
# A year; private, because what one member may fetch another may not.
_KEPT = "private, max-age=31536000, immutable"
# Opened by itself, a file of ours runs nothing.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; sandbox"


@room.get("/media/<digest>/<name>", permission=Permission.STUDY, transaction=None)
def serve(digest: str, name: str) -> Response:
    """A file of the store. `name` is for people: what they save it as."""
    if not DIGEST.fullmatch(digest):
        raise NotFound
    with read() as session:
        file = queries.fetch(session, current_actor(), digest)
    path = Store(settings().data_dir).path(digest)
    if not path.is_file():
        raise NotFound
    location = settings().media_location
    return _handed_over(file, location) if location else _answer(file, path)


def _handed_over(file: File, location: str) -> Response:
    """Only says which file: the proxy sends it, ranges and all, and no thread here waits for the reader."""
    response = Response(mimetype=file.media_type)
    response.headers["X-Accel-Redirect"] = f"{location}{file.digest[:2]}/{file.digest}"
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = _KEPT
    return response


def _answer(file: File, path: Path) -> Response:
    asked = dict(request.headers)
    if request.method == "HEAD":  # a range means something for a GET only
        asked.pop("Range", None)
    answer = ranges.answer(asked, file.size, file.digest)
    body = _body(path, answer.part) if answer.has_body and request.method == "GET" else None
    response = Response(body, status=answer.status, mimetype=file.media_type, direct_passthrough=True)
    _describe(response, file, answer)
    return response


def _describe(response: Response, file: File, answer: Answer) -> None:
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = _KEPT
    response.set_etag(file.digest)
    if answer.has_body:
        response.content_length = answer.part.length
    if answer.status == 206:
        response.headers["Content-Range"] = answer.part.content_range
    elif answer.status == 416:
        response.headers["Content-Range"] = f"bytes */{file.size}"
        response.headers["Cache-Control"] = "no-store"


def _body(path: Path, part: Part) -> list[bytes] | Iterator[bytes]:
    """A list is handed over as a whole. An iterator keeps one of the server's few threads until the last
    reader on a poor network has it: eight videos that were paused would bring everything to a halt."""
    if part.length > _AT_ONCE:
        return _chunks(path, part)
    with path.open("rb") as file:
        file.seek(part.start)
        return [file.read(part.length)]


def _chunks(path: Path, part: Part) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(part.start)
        left = part.length
        while left > 0 and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
