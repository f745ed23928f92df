"""Which rows make one question: those of a passage are more than one.

A passage has a row of its own, whose identifier its questions name under the column for it; or each question
has the whole text there, and those that follow each other with the same text belong together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from studyhub.organization.sheets.sheet import Row
from studyhub.questions.bank import PASSAGE
from studyhub.questions.formats.pictures import without_pictures
from studyhub.questions.formats.sheets.kinds import kind_named

COLUMN = "passage"


@dataclass(slots=True)
class Group:
    """The rows of one question. Of a passage `names` are what its questions may say of it, and `head` is its
    own row, or None where its text stands in the rows of its questions."""

    rows: list[Row]
    names: frozenset[str] = frozenset()
    head: Row | None = None
    parts: list[Row] = field(default_factory=list)

    @property
    def is_passage(self) -> bool:
        return bool(self.names) or self.head is not None


def grouped(rows: list[Row], columns: dict[str, int]) -> Iterator[Group]:
    """The rows of a sheet, those of a passage together; `columns` says where each column stands."""

    def text(row: Row, column: str) -> str:
        at = columns.get(column, -1)
        # A text is the same text where a picture lies on one of its cells.
        return without_pictures(row.cells[at]) if 0 <= at < len(row.cells) else ""

    group: Group | None = None
    for row in rows:
        named = text(row, COLUMN)
        if kind_named(text(row, "type")) == PASSAGE:
            names = frozenset(filter(None, (text(row, "id"), text(row, "prompt"))))
            following = Group([row], names, head=row)
        elif named and group is not None and named in group.names:
            group.rows.append(row)
            group.parts.append(row)
            continue
        else:
            following = Group([row], frozenset({named}) if named else frozenset(), parts=[row])
        if group is not None:
            yield group
        group = following
    if group is not None:
        yield group
