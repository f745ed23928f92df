"""The draw: what is feasible is always drawn, the same seed gives the same paper, and chance is fair."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyhub.exams.blueprint import QuestionRef, Section, Shuffle, Where
from studyhub.exams.draw import draw
from studyhub.exams.feasibility import problems
from studyhub.exams.pool import prepare
from studyhub.kernel.errors import Conflict
from studyhub.questions.difficulty import Band
from tests.factories.pools import candidate, candidates

MIX = ((Band.EASY, Fraction(40, 100)), (Band.MEDIUM, Fraction(40, 100)), (Band.HARD, Fraction(20, 100)))
SHUFFLED = Shuffle()


def names(sections: list[Section], pool: object, seed: int, shuffle: Shuffle = SHUFFLED) -> list[str]:
    return [drawn.candidate.ref.id for drawn in draw(pool, sections, shuffle, seed)]  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_paper_for_ever() -> None:
    sections = [Section("s", 5, ("bank",))]
    pool = prepare(sections, candidates(40))
    assert names(sections, pool, 7) == names(sections, pool, 7)
    # Written down: a library, a platform or a refactoring that changes this changes stored papers.
    assert names(sections, pool, 7) == ["q3", "q14", "q1", "q24", "q38"]
    assert names(sections, pool, 8) != names(sections, pool, 7)


def test_a_question_keeps_its_rank_when_the_bank_grows() -> None:
    sections = [Section("s", 5, ("bank",))]
    before = set(names(sections, prepare(sections, candidates(40)), 7))
    after = set(names(sections, prepare(sections, candidates(41)), 7))
    assert len(before - after) <= 1


def test_must_is_always_drawn_and_counts_within_the_draw() -> None:
    sections = [Section("s", 3, ("bank",), must=(QuestionRef("bank", "q9"),))]
    pool = prepare(sections, candidates(30))
    for seed in range(50):
        paper = names(sections, pool, seed)
        assert len(paper) == 3
        assert paper.count("q9") == 1


def test_must_counts_within_its_share_of_the_mix() -> None:
    bank = [candidate(f"{band}{n}", band=band, number=n) for band in Band for n in range(8)]
    sections = [Section("s", 5, ("bank",), mix=MIX, must=(QuestionRef("bank", "hard3"),))]
    pool = prepare(sections, bank)
    for seed in range(30):
        paper = draw(pool, sections, SHUFFLED, seed)
        assert Counter(d.candidate.band for d in paper) == {Band.EASY: 2, Band.MEDIUM: 2, Band.HARD: 1}
        assert "hard3" in [d.candidate.ref.id for d in paper]


def test_questions_stand_in_the_banks_order_when_they_are_not_shuffled() -> None:
    sections = [Section("s", 6, ("bank",))]
    pool = prepare(sections, candidates(60))
    paper = draw(pool, sections, Shuffle(questions=False), 3)
    numbers = [drawn.candidate.revision_id for drawn in paper]
    assert numbers == sorted(numbers)


def test_options_get_a_layout_seed_of_their_own_only_when_shuffled() -> None:
    sections = [Section("s", 6, ("bank",))]
    pool = prepare(sections, candidates(60))
    assert len({drawn.layout_seed for drawn in draw(pool, sections, SHUFFLED, 3)}) == 6
    pinned = draw(pool, sections, Shuffle(options=False), 3)
    assert {drawn.shuffled for drawn in pinned} == {False}


def test_a_section_that_could_take_anything_leaves_the_rare_ones_to_the_section_that_needs_them() -> None:
    bank = [candidate(f"h{n}", band=Band.HARD, number=n) for n in range(3)]
    bank += [candidate(f"e{n}", band=Band.EASY, number=n) for n in range(4)]
    sections = [
        Section("any", 4, ("bank",)),
        Section("hard", 3, ("bank",), where=Where(difficulties=frozenset({Band.HARD}))),
    ]
    pool = prepare(sections, bank)
    assert not problems(sections, pool)
    for seed in range(200):
        assert len(set(names(sections, pool, seed))) == 7


def test_a_bank_that_shrank_below_the_blueprint_is_refused_not_guessed() -> None:
    sections = [Section("s", 5, ("bank",))]
    with pytest.raises(Conflict, match="cannot_be_drawn"):
        draw(prepare(sections, candidates(4)), sections, SHUFFLED, 1)


BANDS = st.sampled_from(list(Band))
TAGS = st.frozensets(st.sampled_from("xyz"))
BANKS = st.lists(st.tuples(st.sampled_from(["single", "multiple"]), BANDS, TAGS), max_size=12)
WHERES = st.builds(
    Where,
    types=st.frozensets(st.sampled_from(["single", "multiple"])),
    difficulties=st.frozensets(BANDS),
    any_tags=TAGS,
    no_tags=st.frozensets(st.sampled_from("xyz"), max_size=1),
)
SECTIONS = st.lists(
    st.builds(
        Section,
        title=st.just("s"),
        draw=st.integers(1, 5),
        banks=st.just(("bank",)),
        where=WHERES,
        mix=st.sampled_from([(), MIX, ((Band.HARD, Fraction(1, 2)), (Band.EASY, Fraction(1, 2)))]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=300)
@given(BANKS, SECTIONS, st.integers(0, 2**63 - 1))
def test_exactly_what_is_proved_feasible_can_be_drawn(
    bank: list[tuple[str, Band, frozenset[str]]], sections: list[Section], seed: int
) -> None:
    pool = prepare(
        sections,
        [
            candidate(f"q{n}", kind=kind, band=band, tags=tuple(tags), number=n)
            for n, (kind, band, tags) in enumerate(bank)
        ],
    )
    if problems(sections, pool):
        with pytest.raises(Conflict):
            draw(pool, sections, SHUFFLED, seed)
        return
    paper = draw(pool, sections, SHUFFLED, seed)
    assert len({drawn.candidate.ref for drawn in paper}) == len(paper)
    for number, section in enumerate(sections):
        own = [drawn.candidate for drawn in paper if drawn.section == number]
        assert len(own) == section.draw
        assert all(section.where.fits(c.type, c.band, c.tags) for c in own)
        if section.mix:
            assert Counter(c.band for c in own) == Counter(
                {band: count for band, count in section.counts().items() if count}
            )


def chi_square(observed: list[int], expected: float) -> float:
    return sum((count - expected) ** 2 / expected for count in observed)


def test_every_question_is_drawn_equally_often() -> None:
    sections = [Section("s", 5, ("bank",))]
    pool = prepare(sections, candidates(50))
    seen = Counter(name for seed in range(4000) for name in names(sections, pool, seed))
    # 49 degrees of freedom: 85.4 is passed by chance once in a thousand; the seeds are fixed.
    assert chi_square([seen[f"q{n}"] for n in range(50)], 4000 * 5 / 50) < 85.4


def test_every_question_stands_equally_often_at_every_place() -> None:
    sections = [Section("s", 4, ("bank",))]
    pool = prepare(sections, candidates(8))
    first = Counter(names(sections, pool, seed)[0] for seed in range(4000))
    # 7 degrees of freedom.
    assert chi_square([first[f"q{n}"] for n in range(8)], 500) < 24.3


def test_every_pair_is_drawn_equally_often() -> None:
    sections = [Section("s", 2, ("bank",))]
    pool = prepare(sections, candidates(6))
    pairs = Counter(frozenset(names(sections, pool, seed)) for seed in range(3000))
    # 15 pairs, 14 degrees of freedom.
    assert len(pairs) == 15
    assert chi_square(list(pairs.values()), 200) < 36.1


@given(seed=st.integers(0, 2**62), bank=st.integers(1, 400), data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_smaller_draw_is_the_beginning_of_a_larger_one(seed: int, bank: int, data: st.DataObject) -> None:
    """Whoever ranks lowest is drawn, whether few are asked for or all."""
    pool = prepare([Section("s", bank, ("bank",))], candidates(bank))
    everyone = names([Section("s", bank, ("bank",))], pool, seed)
    few = data.draw(st.integers(1, bank))
    section = Section("s", few, ("bank",))
    drawn = names([section], prepare([section], candidates(bank)), seed)
    assert len(drawn) == few
    assert set(drawn) <= set(everyone)
    fewer = Section("s", max(1, few - 1), ("bank",))
    assert set(names([fewer], prepare([fewer], candidates(bank)), seed)) <= set(drawn)
