"""Who gets what when several cells draw from overlapping questions: a bipartite b-matching.

A *cell* wants `need` distinct questions out of its own candidates, in their order of preference; no
question goes to two cells. `assign` fills every cell whenever that is possible at all, and otherwise
returns the cells that stand in each other's way (a Hall violator), which is the proof.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    """`need` distinct questions out of `candidates` (indices, best first)."""

    need: int
    candidates: Sequence[int]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Cells (indices) that together need more distinct questions than all their candidates are."""

    cells: tuple[int, ...]
    needs: int
    holds: int


@dataclass(slots=True)
class Assignment:
    """What each cell got, in the order of the cells; complete exactly when there is no shortage."""

    chosen: list[list[int]]
    shortages: list[Shortage] = field(default_factory=list)


def assign(cells: Sequence[Cell]) -> Assignment:
    """Fill all cells, the tightest first; a cell that finds none free makes others move over."""
    total = sum(cell.need for cell in cells)
    # Others can take at most `total - need`, so `total` candidates are as good as all of them.
    wanted = [cell.candidates[:total] for cell in cells]
    state = _State(wanted)
    order = sorted(range(len(cells)), key=lambda at: (len(wanted[at]) - cells[at].need, at))
    stuck: set[int] = set()
    for at in order:
        if at in stuck:
            continue
        for _ in range(cells[at].need):
            if not state.grow(at):
                stuck |= state.reached(at)
                break
    return Assignment(state.taken_by_cell(), _shortages(cells, state, order))


class _State:
    """Who holds which question so far."""

    def __init__(self, wanted: Sequence[Sequence[int]]) -> None:
        self._wanted = wanted
        self._holder: dict[int, int] = {}

    def grow(self, start: int) -> bool:
        """Give `start` one more question along a shortest augmenting path; False when there is none."""
        came_from: dict[int, tuple[int, int]] = {}
        queue = deque([start])
        while queue:
            cell = queue.popleft()
            free = next((q for q in self._wanted[cell] if q not in self._holder), None)
            if free is not None:
                self._shift(start, cell, free, came_from)
                return True
            for question in self._wanted[cell]:
                holder = self._holder[question]
                if holder != start and holder not in came_from:
                    came_from[holder] = (cell, question)
                    queue.append(holder)
        return False

    def _shift(self, start: int, cell: int, free: int, came_from: dict[int, tuple[int, int]]) -> None:
        """`cell` takes `free`; whoever led the search to it takes over what it gives up for that."""
        self._holder[free] = cell
        while cell != start:
            cell, given_up = came_from[cell]
            self._holder[given_up] = cell

    def reached(self, start: int) -> set[int]:
        """The cells that a failed search from `start` saw: they hold all of their candidates."""
        seen = {start}
        queue = deque([start])
        while queue:
            for question in self._wanted[queue.popleft()]:
                holder = self._holder[question]
                if holder not in seen:
                    seen.add(holder)
                    queue.append(holder)
        return seen

    def taken_by_cell(self) -> list[list[int]]:
        """Per cell what it holds, in its own order of preference."""
        return [
            [question for question in wanted if self._holder.get(question) == at]
            for at, wanted in enumerate(self._wanted)
        ]

    def held(self, cell: int) -> int:
        return sum(1 for question in self._wanted[cell] if self._holder.get(question) == cell)


def _shortages(cells: Sequence[Cell], state: _State, order: Sequence[int]) -> list[Shortage]:
    """One shortage for each group of cells that stand in each other's way."""
    found: list[Shortage] = []
    told: set[int] = set()
    for at in order:
        if at in told or state.held(at) >= cells[at].need:
            continue
        group = state.reached(at)
        told |= group
        distinct = {question for member in group for question in cells[member].candidates}
        needs = sum(cells[member].need for member in group)
        found.append(Shortage(tuple(sorted(group)), needs, len(distinct)))
    return found
