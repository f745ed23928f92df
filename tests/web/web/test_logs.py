"""The access log: one line of JSON for each request, and nothing secret in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from studyhub.web import logs
from tests.web.web.conftest import Build, Visitor


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What is logged, as the server sets logging up; afterwards it is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = StringIO()
    logs.configure(stream)
    logs.log = structlog.get_logger("studyhub.access")
    yield stream
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
    logs.log = structlog.get_logger("studyhub.access")


def test_a_request_leaves_one_line_without_secrets(build: Build, written: StringIO) -> None:
    house = build()
    house.visitors["secret-token"] = Visitor(member_no="m7")
    house.client().get("/?code=ABCD-1234", headers={"Authorization": "Bearer secret-token"})
    house.client().post("/language", data={"password": "hunter2"})
    text = written.getvalue()
    first, second = (json.loads(line) for line in text.splitlines() if '"request"' in line)
    assert (first["method"], first["path"], first["status"], first["member"]) == ("GET", "/", 404, "m7")
    assert (second["path"], second["status"], second["member"]) == ("/language", 400, None)
    assert first["ms"] >= 0
    for secret in ("secret-token", "ABCD-1234", "hunter2"):
        assert secret not in text
