"""A video of the store, and who may have it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.media import operations
from studyhub.media.operations import Audience
from studyhub.media.store import Kept, Store
from studyhub.organization.roles import Role
from studyhub.organization.states import Level
from tests.factories import organization as people
from tests.factories import videos


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
