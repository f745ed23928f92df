"""Every cell is filled whenever that is possible at all; otherwise the proof is named."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from studyhub.exams.matching import Cell, assign

cells_of = st.lists(
    st.builds(Cell, st.integers(0, 3), st.lists(st.integers(0, 7), unique=True, max_size=6)), max_size=5
)


def hall_holds(cells: list[Cell]) -> bool:
    """Whether every set of cells has at least as many distinct candidates as it needs (Hall's theorem)."""
    return all(
        sum(cell.need for cell in group) <= len({q for cell in group for q in cell.candidates})
        for size in range(1, len(cells) + 1)
        for group in combinations([cell for cell in cells if cell.need], size)
    )


def test_a_cell_that_could_take_anything_moves_over_for_one_that_cannot() -> None:
    result = assign([Cell(1, [1, 2]), Cell(1, [1]), Cell(1, [2, 3])])
    assert result.chosen == [[2], [1], [3]]


def test_the_most_preferred_candidates_are_taken_where_nothing_competes() -> None:
    assert assign([Cell(2, [5, 3, 9])]).chosen == [[5, 3]]


def test_a_shortage_names_exactly_the_cells_in_each_others_way() -> None:
    result = assign([Cell(1, [7]), Cell(2, [1, 2]), Cell(1, [2, 1])])
    assert [(s.cells, s.needs, s.holds) for s in result.shortages] == [((1, 2), 3, 2)]


def test_two_separate_shortages_are_both_reported() -> None:
    result = assign([Cell(2, [1]), Cell(1, [4]), Cell(3, [8, 9])])
    assert [s.cells for s in result.shortages] == [(0,), (2,)]


@given(cells_of)
def test_what_is_possible_is_done_and_what_is_not_is_proved(cells: list[Cell]) -> None:
    result = assign(cells)
    taken = [question for chosen in result.chosen for question in chosen]
    assert len(taken) == len(set(taken))
    for cell, chosen in zip(cells, result.chosen, strict=True):
        assert set(chosen) <= set(cell.candidates)
        assert len(chosen) <= cell.need
    if hall_holds(cells):
        assert not result.shortages
        assert [len(chosen) for chosen in result.chosen] == [cell.need for cell in cells]
    else:
        assert result.shortages
    for shortage in result.shortages:
        assert shortage.needs > shortage.holds
