"""Some questions of a bank by their ids, however many those are."""

from __future__ import annotations

from datetime import datetime

import pytest

from studyhub.db.database import Database
from studyhub.questions import chosen
from tests.factories.questions import file_text, import_bank, singles


def test_very_many_are_found_by_reading_the_whole_bank_once(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_bank(database, file_text("cyber", singles(["q1", "q2", "q3"])), now)
    with database.read() as session:
        few = chosen.standing(session, "cyber", ["q1", "q3", "nothing"])
        monkeypatch.setattr(chosen, "MANY", 2)
        assert few.keys() == {"q1", "q3"}
        assert chosen.standing(session, "cyber", ["q1", "q3", "nothing"]) == few
