"""The answer journal cannot be changed unseen: not a row, not its place, not its absence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from studyhub.exams.journal import FIRST, Entry, Outcome, digest, first_break

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)


def chain(count: int = 4) -> list[tuple[Entry, bytes]]:
    rows, previous = [], FIRST
    for n in range(1, count + 1):
        entry = Entry(9, n, n, 1, n, ["选项", n], Outcome.SAVED, AT + timedelta(seconds=n))
        previous = digest(entry, previous)
        rows.append((entry, previous))
    return rows


def test_an_untouched_chain_is_whole() -> None:
    assert first_break(chain()) is None
    assert first_break([]) is None


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "A"},
        {"position": 9},
        {"epoch": 2},
        {"seq": 9},
        {"outcome": Outcome.SUPERSEDED},
        {"at": AT},
        {"attempt_id": 8},
    ],
)
def test_any_changed_fact_breaks_the_chain_at_its_row(change: dict[str, Any]) -> None:
    rows = chain()
    rows[1] = (replace(rows[1][0], **change), rows[1][1])
    assert first_break(rows) == 2


def test_a_row_that_is_gone_or_moved_breaks_the_chain() -> None:
    rows = chain()
    assert first_break(rows[:1] + rows[2:]) == 2
    assert first_break([rows[1], rows[0], *rows[2:]]) == 1


def test_a_rewritten_digest_breaks_the_chain_at_the_next_row() -> None:
    rows = chain()
    forged = replace(rows[1][0], answer="A")
    rows[1] = (forged, digest(forged, rows[0][1]))
    assert first_break(rows) == 3


def test_the_digest_is_of_the_moment_not_of_its_zone() -> None:
    entry = chain(1)[0][0]
    shanghai = replace(entry, at=entry.at.astimezone(timezone(timedelta(hours=8))))
    assert digest(shanghai, FIRST) == digest(entry, FIRST)
