"""One pipeline for all formats: what is read is written or skipped with a reason, and the result is valid."""

from __future__ import annotations

import json

import pytest

from studyhub.questions import bank_file
from studyhub.questions.formats import FORMATS, detect
from studyhub.questions.formats.conversion import admit, convert
from studyhub.questions.formats.exchange import Source, Unreadable
from studyhub.questions.formats.identity import Names, derived

GOOD = {"type": "truefalse", "prompt": "地球是圆的。", "answer": True}


def as_json(*questions: object, **head: object) -> Source:
    return Source(json.dumps({**head, "questions": questions}).encode(), "期末 Exam_1.json")


def test_a_question_with_a_fault_is_skipped_with_the_fault_as_its_reason() -> None:
    bad = {"id": "bad", "type": "single", "prompt": "?", "options": {"A": "x", "B": "y"}, "answer": "C"}
    done = convert(as_json(GOOD, bad, "no question"), FORMATS["json"], FORMATS["yaml"])
    assert (done.read, done.written) == (3, 1)
    assert [(one.item, one.code) for one in done.skipped] == [
        ("#3", "not_a_question"),
        ("bad", "not_an_option"),
    ]


def test_what_comes_out_as_yaml_is_a_bank_that_the_checker_accepts() -> None:
    done = convert(as_json(GOOD, {**GOOD, "prompt": "二加二等于四。"}), FORMATS["json"], FORMATS["yaml"])
    checked = bank_file.check(done.data)
    assert checked.bank is not None
    assert checked.bank.head == {"bank": "exam-1", "title": "期末 Exam_1", "language": "zh"}


def test_questions_without_ids_get_the_same_readable_ones_each_time() -> None:
    once, again = (admit(as_json(GOOD, GOOD), FORMATS["json"]).bank for _ in range(2))
    assert once is not None
    assert once == again
    first, second = (question.id for question in once.questions)
    assert first.startswith("truefalse-")
    assert second == f"{first}-2"
    assert derived({"prompt": "What is the capital of France?"}).startswith("what-is-the-capital-of-france-")


def test_an_id_of_another_program_becomes_a_slug_and_the_report_says_so() -> None:
    admitted = admit(as_json({**GOOD, "id": "Q_001"}), FORMATS["json"])
    assert admitted.bank is not None
    assert admitted.bank.questions[0].id == "q-001"
    assert ("renamed", {"was": "Q_001", "now": "q-001"}) in [(n.code, n.params) for n in admitted.notes]


def test_names_are_free_and_short_enough() -> None:
    names = Names()
    long = "x" * 64
    assert names.name({"id": long}) == long
    assert names.name({"id": long}) == "x" * 58 + "-2"


def test_invisible_characters_are_removed_and_said() -> None:
    admitted = admit(as_json({**GOOD, "prompt": "地\u2028球\ufeff是\x08圆的。"}), FORMATS["json"])
    assert admitted.bank is not None
    assert admitted.bank.questions[0].prompt == "地\n球是圆的。"
    assert [note.code for note in admitted.notes] == ["unseen_removed"]


def test_nothing_readable_gives_no_bank() -> None:
    done = convert(as_json({"type": "single"}), FORMATS["json"], FORMATS["yaml"])
    assert (done.read, done.written, len(done.skipped), done.data) == (1, 0, 1, b"")


@pytest.mark.parametrize("name", ["题库.doc", "a.wps", "b.ET"])
def test_a_file_of_an_old_program_is_told_how_to_save_it(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        detect(Source(b"\xd0\xcf\x11\xe0", name))
    assert refused.value.code == "save_as"


def test_a_bank_with_mistakes_is_left_to_the_checker() -> None:
    with pytest.raises(Unreadable) as refused:
        admit(Source(b"bank: b\ntitle: t\n", "b.yaml"), FORMATS["yaml"])
    assert refused.value.code == "faulty_bank"
