"""The page of formats says what the code says: what is read and written, which types, which keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studyhub.questions.formats import FORMATS
from studyhub.questions.formats.carrying import EVERYTHING

PAGE = Path("docs/for-admins/formats.md").read_text("utf-8")
ROWS = {
    cells[0].split("`")[1]: cells
    for line in PAGE.splitlines()
    if line.startswith("| `") and len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 5
}
# What makes the question: without it a type is not carried at all.
ITS_OWN = frozenset({"options", "answer", "pairs", "items", "questions"})


def words(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def test_every_format_has_its_row() -> None:
    assert list(ROWS) == list(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_row_says_what_the_format_carries(name: str) -> None:
    _, read, written, types, keys = ROWS[name]
    made = FORMATS[name]
    assert (read == "yes", written == "yes") == (made.read is not None, made.write is not None)
    if made.carries == EVERYTHING:
        assert (types, keys.split(";")[0]) == ("all", "everything")
        return
    assert words(types) == set(made.carries)
    assert words(keys) == set().union(*made.carries.values()) - ITS_OWN
