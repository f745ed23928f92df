"""Each mark is rounded once, half up; the score is their exact sum; a pass compares exactly."""

from fractions import Fraction

from studyhub.exams.marking import Rated, result
from studyhub.exams.states import AttemptState
from studyhub.kernel.points import Points

THIRD = Fraction(1, 3)


def test_each_question_is_rounded_once_and_the_sum_is_not_rounded_again() -> None:
    rated = [Rated(n, Points(100), THIRD) for n in (1, 2, 3)]
    marked = result(rated, Points(300), None)
    assert marked.marks == {1: 33, 2: 33, 3: 33}
    assert marked.score == 99
    assert marked.passed is None
    assert marked.state is AttemptState.MARKED


def test_halves_are_rounded_upwards() -> None:
    assert result([Rated(1, Points(25), Fraction(1, 2))], Points(25), None).score == 13


def test_a_pass_is_decided_on_the_exact_marks() -> None:
    rated = [Rated(1, Points(200), Fraction(1)), Rated(2, Points(200), Fraction(1, 5))]
    assert result(rated, Points(400), Fraction(60, 100)).passed is True
    assert result(rated, Points(400), Fraction(6001, 10000)).passed is False


def test_what_a_person_must_mark_leaves_the_attempt_submitted_without_a_score() -> None:
    marked = result([Rated(1, Points(200), Fraction(1)), Rated(2, Points(500), None)], Points(700), None)
    assert marked.state is AttemptState.SUBMITTED
    assert marked.marks == {1: 200}
    assert marked.score is None
