"""The chain shows every change that somebody without the key can make."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from studyhub.organization.trail import chain
from studyhub.organization.trail.chain import Break, Checker, Entry, Link

KEY = chain.chain_key("a secret of the organisation")


def links(count: int = 5) -> list[Link]:
    made, previous = [], chain.START
    for number in range(1, count + 1):
        entry = Entry(
            number, datetime(2026, 11, number, tzinfo=UTC), 7, "signed_in", "member:1", {"n": number}
        )
        previous = chain.seal(KEY, number, previous, entry)
        made.append(Link(number, number, previous, entry))
    return made


def found(made: list[Link], key: bytes = KEY) -> tuple[int, Break] | None:
    broken = Checker(key).check(made)
    return (broken.sequence, broken.how) if broken else None


def test_an_untouched_chain_is_whole() -> None:
    assert found(links()) is None


def test_checking_in_parts_is_checking_the_whole() -> None:
    checker, made = Checker(KEY), links()
    assert checker.check(made[:2]) is None
    assert checker.check(made[2:]) is None
    assert checker.sequence == 5


@pytest.mark.parametrize(
    "change",
    [
        {"actor_id": 8},
        {"act": "signed_out"},
        {"subject": "member:2"},
        {"detail": {"n": 4}},
        {"at": datetime(2026, 11, 30, tzinfo=UTC)},
        {"id": 99},
    ],
)
def test_a_changed_entry_is_found(change: dict[str, object]) -> None:
    made = links()
    entry = made[2].entry
    assert entry is not None
    made[2] = replace(made[2], entry=replace(entry, **change))
    assert found(made) == (3, Break.ENTRY_CHANGED)


def test_a_removed_entry_is_found() -> None:
    made = links()
    made[3] = replace(made[3], entry=None)
    assert found(made) == (4, Break.ENTRY_MISSING)


def test_a_removed_seal_is_found() -> None:
    made = links()
    del made[1]
    assert found(made) == (2, Break.SEAL_MISSING)


def test_exchanged_entries_are_found() -> None:
    made = links()
    made[1], made[2] = replace(made[1], entry=made[2].entry), replace(made[2], entry=made[1].entry)
    assert found(made) == (2, Break.ENTRY_CHANGED)


def test_a_chain_made_with_another_key_does_not_check_out() -> None:
    assert found(links(), chain.chain_key("another secret")) == (1, Break.ENTRY_CHANGED)


def test_the_time_zone_that_a_moment_is_written_in_does_not_matter() -> None:
    entry = Entry(1, datetime(2026, 11, 1, 2, tzinfo=UTC), None, "x", "y", {})
    elsewhere = replace(entry, at=datetime.fromisoformat("2026-11-01T10:00:00+08:00"))
    assert chain.seal(KEY, 1, chain.START, entry) == chain.seal(KEY, 1, chain.START, elsewhere)
