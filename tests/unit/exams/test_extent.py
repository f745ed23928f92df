"""How long a paper is, before it is drawn: no draw is ever shorter or longer, worth less or more."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from studyhub.exams.blueprint import QuestionRef, Section, Shuffle, Where
from studyhub.exams.draw import draw
from studyhub.exams.extent import Extent, Span, extents, of_rows, of_stored, points_of
from studyhub.exams.feasibility import problems
from studyhub.exams.pool import Candidate, prepare
from studyhub.kernel.points import Points
from studyhub.questions.difficulty import Band
from tests.factories.pools import candidate, candidates


def passage(name: str, parts: int, *, points: int = 100, band: Band = Band.MEDIUM) -> Candidate:
    own = tuple(replace(candidate(f"{name}/{n}"), points=Points(points)) for n in range(parts))
    return replace(candidate(name, kind="passage", band=band), parts=own)


def extent_of(section: Section, bank: list[Candidate]) -> Extent:
    [extent] = extents([section], prepare([section], bank))
    return extent


def test_without_a_passage_a_section_asks_what_it_draws() -> None:
    assert extent_of(Section("s", 4, ("bank",)), candidates(9)).questions == Span(4, 4)


def test_a_passage_that_is_always_drawn_counts_with_all_of_its_questions() -> None:
    must = (QuestionRef("bank", "text"),)
    bank = [*candidates(9), passage("text", 3)]
    section = Section("s", 4, ("bank",), points=Points(200), must=must)
    assert extent_of(section, bank) == Extent(Span(6, 6), Span(1200, 1200))


def test_a_passage_that_may_be_drawn_makes_it_a_span() -> None:
    bank = [*candidates(9), passage("short", 2), passage("long", 5, points=50)]
    extent = extent_of(Section("s", 3, ("bank",)), bank)
    assert extent.questions == Span(3, 8)
    assert extent.points == Span(300, 550)


def test_the_shares_of_a_mix_say_how_many_passages_there_can_be() -> None:
    bank = [*candidates(9, band=Band.EASY), *(passage(f"p{n}", 4, band=Band.HARD) for n in range(3))]
    mix = ((Band.EASY, Fraction(3, 4)), (Band.HARD, Fraction(1, 4)))
    assert extent_of(Section("s", 4, ("bank",), mix=mix), bank).questions == Span(7, 7)


def test_the_whole_paper_is_the_sum_of_its_sections() -> None:
    sections = [Section("a", 2, ("bank",)), Section("b", 1, ("bank",), where=Where(frozenset({"passage"})))]
    stored = [
        extent.stored for extent in extents(sections, prepare(sections, [*candidates(5), passage("p", 3)]))
    ]
    assert of_rows(stored).questions == Span(5, 7)
    assert [of_stored(row).stored for row in stored] == stored


@given(
    sizes=st.lists(st.integers(0, 4), min_size=6, max_size=14),
    draws=st.lists(st.integers(1, 3), min_size=1, max_size=2),
    seed=st.integers(0, 1000),
)
def test_every_paper_is_within(sizes: list[int], draws: list[int], seed: int) -> None:
    bank = [
        passage(f"q{n}", size, points=10 * n) if size else candidate(f"q{n}") for n, size in enumerate(sizes)
    ]
    sections = [
        Section(f"s{n}", count, ("bank",), points=Points(300) if n else None) for n, count in enumerate(draws)
    ]
    pool = prepare(sections, bank)
    assert problems(sections, pool) == []
    asked = [one for each in draw(pool, sections, Shuffle(), seed) for one in each.asked]
    whole = of_rows([extent.stored for extent in extents(sections, pool)])
    assert whole.questions.least <= len(asked) <= whole.questions.most
    worth = sum(points_of(sections[one.section], one.candidate) for one in asked)
    assert whole.points.least <= worth <= whole.points.most
