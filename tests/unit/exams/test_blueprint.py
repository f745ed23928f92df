"""What a blueprint's numbers mean, exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.exams.blueprint import QuestionRef, Section, Where, passes, total
from studyhub.kernel.points import Points
from studyhub.questions.difficulty import Band

E, M, H = Band.EASY, Band.MEDIUM, Band.HARD


def mixed(draw: int, *shares: tuple[Band, int]) -> list[int]:
    section = Section("s", draw, ("b",), mix=tuple((band, Fraction(share, 100)) for band, share in shares))
    return list(section.counts().values())


def test_a_mix_that_divides_evenly_is_exact() -> None:
    assert mixed(15, (E, 40), (M, 40), (H, 20)) == [6, 6, 3]


def test_what_is_left_over_goes_to_the_largest_remainder() -> None:
    assert mixed(10, (E, 33), (M, 33), (H, 34)) == [3, 3, 4]


def test_equal_remainders_go_to_the_first_listed() -> None:
    assert mixed(5, (E, 50), (H, 50)) == [3, 2]
    assert mixed(5, (H, 50), (E, 50)) == [3, 2]
    assert mixed(1, (M, 30), (E, 30), (H, 40)) == [0, 0, 1]


@given(st.integers(1, 200), st.integers(0, 100), st.integers(0, 100))
def test_a_mix_always_sums_to_the_draw_and_is_off_by_less_than_one(draw: int, a: int, b: int) -> None:
    first, second = sorted((a, b))
    shares = (first, second - first, 100 - second)
    counts = mixed(draw, (E, shares[0]), (M, shares[1]), (H, shares[2]))
    assert sum(counts) == draw
    assert all(
        abs(count - Fraction(draw * share, 100)) < 1 for count, share in zip(counts, shares, strict=True)
    )


def test_no_mix_asks_for_no_difficulty() -> None:
    assert Section("s", 5, ("b",)).counts() == {}


@pytest.mark.parametrize(
    ("where", "fits"),
    [
        (Where(), True),
        (Where(types=frozenset({"single", "blank"})), True),
        (Where(types=frozenset({"multiple"})), False),
        (Where(difficulties=frozenset({H})), False),
        (Where(all_tags=frozenset({"security", "mail"})), True),
        (Where(all_tags=frozenset({"security", "phone"})), False),
        (Where(any_tags=frozenset({"phone", "mail"})), True),
        (Where(any_tags=frozenset({"phone"})), False),
        (Where(no_tags=frozenset({"mail"})), False),
        (Where(no_tags=frozenset({"history"})), True),
    ],
)
def test_where_asks_for_all_of_its_keys(where: Where, fits: bool) -> None:
    assert where.fits("single", E, frozenset({"security", "mail"})) is fits


def test_a_pass_compares_exactly() -> None:
    sixty = Fraction(60, 100)
    assert passes(Points(60), Points(100), sixty) is True
    assert passes(Points(59), Points(100), sixty) is False
    assert passes(Points(1999), Points(3333), sixty) is False
    assert passes(Points(2000), Points(3333), sixty) is True


def test_without_a_pass_line_nobody_passes_or_fails() -> None:
    assert passes(Points(0), Points(100), None) is None


def test_totals_are_exact_sums() -> None:
    assert total([Points(10)] * 3) == 30


def test_a_question_is_named_by_bank_and_id() -> None:
    assert str(QuestionRef("cyber-hygiene", "strong-password")) == "cyber-hygiene/strong-password"
