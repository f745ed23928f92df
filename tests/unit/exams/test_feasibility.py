"""A checked exam can be drawn; one that cannot be says which section and cell, and by how much."""

from fractions import Fraction

from studyhub.exams.blueprint import QuestionRef, Section, Where
from studyhub.exams.feasibility import Problem, problems
from studyhub.exams.pool import prepare
from studyhub.questions.difficulty import Band
from tests.factories.pools import candidate, candidates

HARD_MULTIPLE = Where(types=frozenset({"multiple"}), difficulties=frozenset({Band.HARD}))


def faults(sections: list[Section], bank: list) -> list[Problem]:
    return problems(sections, prepare(sections, bank))


def test_an_exam_that_takes_the_whole_bank_is_feasible() -> None:
    assert faults([Section("s", 5, ("bank",))], candidates(5)) == []


def test_a_short_cell_is_named_with_what_it_needs_and_what_there_is() -> None:
    bank = [candidate(f"m{n}", kind="multiple", band=Band.HARD, number=n) for n in range(3)] + candidates(9)
    [problem] = faults([Section("多项选择", 4, ("bank",), where=HARD_MULTIPLE)], bank)
    assert problem.section == 0
    assert problem.key == "draw"
    assert problem.fault.code == "not_enough"
    assert problem.fault.params["bands"] == ["hard"]
    assert problem.fault.params["types"] == ["multiple"]
    assert (problem.fault.params["needs"], problem.fault.params["holds"]) == (4, 3)


def test_the_short_band_of_a_mix_is_named() -> None:
    half = ((Band.EASY, Fraction(1, 2)), (Band.HARD, Fraction(1, 2)))
    bank = [candidate(f"e{n}", band=Band.EASY, number=n) for n in range(9)]
    [problem] = faults([Section("s", 4, ("bank",), mix=half)], bank)
    assert problem.key == "mix"
    assert problem.fault.params["bands"] == ["hard"]
    assert (problem.fault.params["needs"], problem.fault.params["holds"]) == (2, 0)


def test_every_short_cell_is_reported_at_once() -> None:
    sections = [Section("a", 6, ("bank",)), Section("b", 7, ("other",))]
    assert [p.section for p in faults(sections, candidates(2))] == [0, 1]


def test_sections_that_want_the_same_questions_are_short_together() -> None:
    sections = [Section("a", 3, ("bank",)), Section("b", 3, ("bank",)), Section("c", 2, ("other",))]
    bank = candidates(5) + candidates(2, bank="other")
    [problem] = faults(sections, bank)
    assert problem.fault.code == "not_enough_together"
    assert (problem.fault.params["needs"], problem.fault.params["holds"]) == (6, 5)
    assert [cell["title"] for cell in problem.fault.params["cells"]] == ["a", "b"]


def test_must_counts_within_what_the_banks_hold() -> None:
    section = Section("s", 5, ("bank",), must=(QuestionRef("bank", "q0"),))
    assert faults([section], candidates(5)) == []
    [problem] = faults([section], candidates(4))
    assert (problem.fault.params["needs"], problem.fault.params["holds"]) == (5, 4)


def codes(sections: list[Section], bank: list) -> list[str]:
    return [problem.fault.code for problem in faults(sections, bank)]


def test_must_has_to_exist_and_to_satisfy_where() -> None:
    ref = QuestionRef("bank", "q1")
    assert codes([Section("s", 2, ("bank",), must=(QuestionRef("bank", "no"),))], candidates(5)) == [
        "must_unknown"
    ]
    other = Section("s", 2, ("other",), must=(ref,))
    assert codes([other], candidates(5) + candidates(5, bank="other")) == ["must_unknown"]
    assert codes([Section("s", 2, ("bank",), where=HARD_MULTIPLE, must=(ref,))], candidates(5)) == [
        "must_not_in_where"
    ]


def test_what_is_wrong_with_a_must_is_told_at_its_place_in_the_list() -> None:
    must = (QuestionRef("bank", "q1"), QuestionRef("bank", "no"))
    [problem] = faults([Section("s", 2, ("bank",), must=must)], candidates(5))
    assert (problem.key, problem.item) == ("must", 1)


def test_two_sections_cannot_both_insist_on_one_question() -> None:
    must = (QuestionRef("bank", "q1"),)
    sections = [Section("a", 2, ("bank",), must=must), Section("b", 2, ("bank",), must=must)]
    [problem] = faults(sections, candidates(9))
    assert (problem.section, problem.fault.code) == (1, "must_twice")


def test_must_never_exceeds_the_draw_or_its_share_of_the_mix() -> None:
    refs = tuple(QuestionRef("bank", f"q{n}") for n in range(3))
    assert codes([Section("s", 2, ("bank",), must=refs)], candidates(9)) == ["must_exceeds_draw"]
    hard = candidates(4, band=Band.HARD) + [candidate(f"e{n}", band=Band.EASY) for n in range(4)]
    mix = ((Band.EASY, Fraction(1, 2)), (Band.HARD, Fraction(1, 2)))
    [problem] = faults([Section("s", 4, ("bank",), mix=mix, must=refs)], hard)
    assert problem.fault.code == "must_exceeds_mix"
    assert (problem.fault.params["must"], problem.fault.params["allows"]) == (3, 2)
