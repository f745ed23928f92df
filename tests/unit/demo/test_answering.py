"""Answers as members of some ability would give them."""

from __future__ import annotations

from statistics import mean

import pytest

from studyhub.demo.answering import ability, given_answer
from studyhub.demo.chance import chance
from studyhub.kernel.shipped import shipped_folder
from studyhub.questions.bank import Question
from studyhub.questions.bank_file import check


def questions() -> list[Question]:
    bank = check((shipped_folder("question_banks") / "cyber-hygiene.yaml").read_bytes()).bank
    assert bank is not None
    return list(bank.questions)


def share_of_points(of_ability: float) -> float:
    shares = []
    for number, question in enumerate(questions() * 10):
        order = question.kind.lay_out(question.content, b"paper")
        answer = given_answer(question, order, of_ability, chance("test", number))
        accepted = question.kind.accept(question.content, order, answer)
        mark = question.kind.mark(question.content, order, accepted)
        assert (mark is None) <= question.kind.by_a_person
        shares += [] if mark is None else [float(mark)]
    return mean(shares)


def test_every_answer_has_the_form_its_question_takes_and_ability_shows() -> None:
    weak, average, strong = (share_of_points(of_ability) for of_ability in (-2, 0, 2))
    assert weak < average - 0.15 < strong - 0.3


@pytest.mark.parametrize("kind", ["single", "multiple", "truefalse", "blank", "number"])
def test_who_does_not_know_never_gets_all_points(kind: str) -> None:
    for number, question in enumerate(q for q in questions() if q.type == kind):
        order = question.kind.lay_out(question.content, b"paper")
        answer = given_answer(question, order, -50, chance("hopeless", number))
        accepted = question.kind.accept(question.content, order, answer)
        assert question.kind.mark(question.content, order, accepted) < 1, question.id


def test_a_second_attempt_goes_better() -> None:
    assert ability("yl00001", "east-01", 2, 1) > ability("yl00001", "east-01", 1, 1)
