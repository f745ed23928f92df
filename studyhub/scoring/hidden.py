"""What a reader of a list may not see of it: their own results, as long as the review policy hides them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, not_, true

from studyhub.scoring.rows import STANDING


@dataclass(frozen=True, slots=True)
class Hidden:
    """The exams in which this member's result may not be told to whoever reads, who is this member."""

    member_id: int | None = None
    exam_ids: frozenset[int] = frozenset()

    @property
    def shown(self) -> ColumnElement[bool]:
        """Whether the result of a standing may be told: to filter by it is to tell it, too."""
        if not self.exam_ids:
            return true()
        own = STANDING.c.member_id == self.member_id
        return not_(and_(own, STANDING.c.exam_id.in_(sorted(self.exam_ids))))

    def of(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The column of a standing, null where it may not be told."""
        return case((self.shown, column)) if self.exam_ids else column


NOTHING_HIDDEN = Hidden()
