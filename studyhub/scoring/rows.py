"""Between the tables of scoring and its values: reading and adding, no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, case, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from studyhub.db.direct import Direct
from studyhub.scoring.models import RollUpRow, StandingRow
from studyhub.scoring.rollup import BINS, Figures
from studyhub.scoring.standing import BASIS_POINTS, Standing, StandingState

STANDING: Table = StandingRow.__table__  # type: ignore[assignment]
ROLL_UP: Table = RollUpRow.__table__  # type: ignore[assignment]

BIN_NAMES = tuple(f"bin_{place}" for place in range(BINS))
FIGURE_NAMES = ("assigned", "started", "finished", "passed", "percent_sum", *BIN_NAMES)

Place = tuple[int, int]
"""An exam and a branch: the key of a roll-up."""


def standing_of(row: Any) -> Standing:
    """The value in a row with a standing's columns."""
    return Standing(StandingState(row.state), row.score, row.max_score, row.percent, row.passed)


def standing_values(standing: Standing) -> dict[str, Any]:
    """The columns that hold the value."""
    return {
        "state": standing.state,
        "score": standing.score,
        "max_score": standing.max_score,
        "percent": standing.percent,
        "passed": standing.passed,
    }


def figures_of(row: Any) -> Figures:
    """The value in a row with a roll-up's columns, or their sums."""
    return Figures(
        assigned=int(row.assigned),
        started=int(row.started),
        finished=int(row.finished),
        passed=int(row.passed),
        percent_sum=int(row.percent_sum),
        bins=tuple(int(getattr(row, name)) for name in BIN_NAMES),
    )


def figure_values(figures: Figures) -> dict[str, int]:
    """The columns that hold the value."""
    scalars = (figures.assigned, figures.started, figures.finished, figures.passed, figures.percent_sum)
    return dict(zip(FIGURE_NAMES, (*scalars, *figures.bins), strict=True))


def sums() -> list[ColumnElement[Any]]:
    """The columns of a roll-up, each summed: a dashboard's figures."""
    return [func.coalesce(func.sum(ROLL_UP.c[name]), 0).label(name) for name in FIGURE_NAMES]


def counted() -> list[ColumnElement[Any]]:
    """The same figures counted from the standings themselves, for recounting and for checking."""
    begun = STANDING.c.state.in_([StandingState.STARTED, StandingState.FINISHED])
    finished = STANDING.c.state == StandingState.FINISHED
    # 100 % belongs to the last bin, as in rollup.bin_of.
    place = case(
        (STANDING.c.percent >= BASIS_POINTS, BINS - 1), else_=STANDING.c.percent * BINS // BASIS_POINTS
    )
    columns = {
        "assigned": func.count(),
        "started": _count_if(begun),
        "finished": _count_if(finished),
        "passed": _count_if(STANDING.c.passed.is_(True)),
        "percent_sum": func.coalesce(func.sum(STANDING.c.percent), 0),
    }
    columns |= {name: _count_if(place == at) for at, name in enumerate(BIN_NAMES)}
    return [column.label(name) for name, column in columns.items()]


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def add_to_roll_ups(session: Session, changes: Mapping[Place, Figures]) -> None:
    """Add the differences, in the one order in which roll-ups are locked; missing rows are made."""
    rows = [
        {"exam_id": exam_id, "branch_id": branch_id, **figure_values(changes[exam_id, branch_id])}
        for exam_id, branch_id in sorted(place for place, change in changes.items() if change)
    ]
    if rows:
        engine = session.get_bind().dialect.name
        if len(rows) > 1:
            session.connection().execute(_ADD[engine], rows)
        else:  # a single row is not sent as many: that costs psycopg another round trip
            _ADD_ONE[engine].run(session, rows[0])


def change_and_add(session: Session, change: Any, added: Figures, keys: Mapping[str, Any]) -> bool:
    """Carry out a change of one standing, which returns its place, and add the figures to the roll-up there.
    False: there was nothing to change, and nothing is added.

    On PostgreSQL it is one statement: the second round trip was a twentieth of a start.
    """
    if session.get_bind().dialect.name == "postgresql":
        return _changing_and_adding(change, added).first(session, keys) is not None
    place = session.connection().execute(change, keys).first()
    if place is not None:
        add_to_roll_ups(session, {(place.exam_id, place.branch_id): added})
    return place is not None


@cache
def _changing_and_adding(change: Any, added: Figures) -> Direct:
    changed = change.cte("changed")
    named = {"exam_id": changed.c.exam_id, "branch_id": changed.c.branch_id}
    figures: list[Any] = [literal_column(str(figure)) for figure in figure_values(added).values()]
    rows = postgresql.insert(ROLL_UP).from_select([*named, *FIGURE_NAMES], select(*named.values(), *figures))
    return Direct(_or_add(rows).returning(ROLL_UP.c.exam_id))


def _or_add(row: Any) -> Any:
    """Where the roll-up is there, what would have been inserted is added to it."""
    added = {name: ROLL_UP.c[name] + row.excluded[name] for name in FIGURE_NAMES}
    return row.on_conflict_do_update(index_elements=["exam_id", "branch_id"], set_=added)


# Built once: building it anew took a quarter of the time of marking an attempt.
_ADD = {"sqlite": _or_add(sqlite.insert(ROLL_UP)), "postgresql": _or_add(postgresql.insert(ROLL_UP))}
_ADD_ONE = {engine: Direct(row) for engine, row in _ADD.items()}
