"""Questions about one text: checked each at its place, written as one, and one question to the bank."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from studyhub.questions.bank import Question
from studyhub.questions.bank_file import Checked, check
from studyhub.questions.formats.bank_yaml import dump
from studyhub.questions.rendering import render
from studyhub.questions.revisions import Revision

HEAD = "bank: b\ntitle: 标题\nlanguage: zh\nquestions:\n"
PASSAGE = """\
  - id: reading
    type: passage
    prompt: |
      阅读**材料**，回答问题。
    points: 2
    difficulty: hard
    tags: [案例]
    questions:
      - id: first
        type: single
        prompt: 哪一项正确？
        options: {A: 甲, B: 乙}
        answer: B
        explanation: 见材料。
      - id: second
        type: number
        prompt: "{{a}} 的两倍是几？"
        variables: {a: {from: 1, to: 9}}
        answer: "{{a*2}}"
        points: 3
        explanation: 乘以二。
"""


def checked(text: str = PASSAGE, more: str = "", head: str = HEAD) -> Checked:
    return check((head + text + more).encode())


def found(text: str) -> list[tuple[int, int, str, str | None]]:
    return [(fault.line, fault.column, fault.code, fault.subject) for fault in checked(text).faults]


def passage(text: str = PASSAGE, head: str = HEAD) -> Question:
    result = checked(text, head=head)
    assert result.bank is not None, result.faults
    return result.bank.questions[0]


def test_a_passage_is_one_question_of_the_bank_and_knows_its_own() -> None:
    result = checked()
    assert (result.faults, result.questions) == ([], 1)
    made = passage()
    assert [part.name for part in made.parts] == ["reading/first", "reading/second"]
    assert [part.points for part in made.parts] == [200, 300]
    assert made.worth == 500


def test_defaults_of_the_bank_reach_its_questions_except_what_is_the_passages() -> None:
    head = HEAD.replace("questions:", "defaults: {tags: [x], difficulty: easy, points: 4}\nquestions:")
    made = passage(PASSAGE.replace("    points: 2\n", ""), head)
    assert made.tags == ("x", "案例")
    assert [(part.tags, part.facility, part.points) for part in made.parts] == [
        ((), 8500, 400),
        ((), 8500, 300),
    ]


def test_the_file_comes_back_as_it_was() -> None:
    bank = checked().bank
    assert bank is not None
    again = check(dump(bank).encode())
    assert (again.bank, again.faults) == (bank, [])
    assert again.bank is not None
    assert dump(again.bank) == dump(bank)
    made = passage()
    assert Question.stored(made.written) == made
    assert [Question.stored(part.kept) for part in made.parts] == list(made.parts)


def test_its_texts_are_rendered_with_those_of_its_questions() -> None:
    made = passage()
    revision = Revision(1, 1, "b", 1, made, render(made))
    first, second = revision.parts
    assert first.html["material"] == second.html["material"] == made_html(made)
    assert first.html["options.A"] == "甲"
    assert first.html == {**render(made.parts[0]), "material": made_html(made)}


def made_html(made: Question) -> str:
    assert "<strong>材料</strong>" in render(made)["prompt"]
    return render(made)["prompt"]


def test_only_what_a_mark_rests_on_changes_the_key() -> None:
    key = passage().key_digest
    assert passage(PASSAGE.replace("阅读", "先读")).key_digest == key
    assert passage(PASSAGE.replace("见材料", "见上文")).key_digest == key
    assert passage(PASSAGE.replace("answer: B", "answer: A")).key_digest != key
    assert passage(PASSAGE.replace("        points: 3\n", "")).key_digest != key
    assert passage(PASSAGE.replace("id: first", "id: one")).key_digest != key
    assert passage(PASSAGE.replace("见材料", "见上文")).digest != passage().digest


def changed(old: str, new: str) -> str:
    assert old in PASSAGE
    return PASSAGE.replace(old, new)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (changed("answer: B", "answer: C"), [(17, 17, "not_an_option", "reading/first")]),
        (changed("{{a*2}}", "{{b*2}}"), [(23, 17, "unknown_variable", "reading/second")]),
        (changed("id: second", "id: first"), [(19, 13, "duplicate_id", "reading/first")]),
        (changed("      - id: first\n        type", "      - type"), [(13, 9, "missing_key", "reading/")]),
        (changed("type: single", "type: passage"), [(14, 15, "passage_in_passage", "reading/first")]),
        (changed("answer: B", "answer: B\n        retired: true"), [(18, 9, "unknown_key", "reading/first")]),
        (changed("    points: 2", "    answer: A"), [(9, 5, "answer_elsewhere", "reading")]),
        (changed("    points: 2", "    options: {A: 甲}"), [(9, 5, "key_of_other_type", "reading")]),
        (changed("    points: 2", "    variables: {a: 1}"), [(9, 5, "variables_of_passage", "reading")]),
        (changed("        explanation: 见材料。\n", ""), [(13, 9, "no_explanation", "reading/first")]),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_at_its_place(text: str, faults: Sequence[tuple[int, int, str, str]]) -> None:
    assert found(text) == faults


def test_after_a_passage_faults_are_about_the_next_question() -> None:
    more = "  - id: next\n    type: truefalse\n    prompt: 对吗？\n    answer: 也许\n    explanation: 解析\n"
    [fault] = checked(more=more).faults
    assert fault.subject == "next"
    lacking = checked(PASSAGE.replace("    points: 2\n", "    points: 0\n"))
    assert {(fault.code, fault.subject) for fault in lacking.faults} == {("bad_points", "reading/first")}


def test_the_same_id_may_stand_in_two_passages_and_beside_them() -> None:
    more = PASSAGE.replace("id: reading", "id: other").replace("阅读", "再读一则完全不同的")
    more += "  - id: first\n    type: truefalse\n    prompt: 对吗？\n    answer: 对\n    explanation: 解析\n"
    assert checked(more=more).faults == []


@pytest.mark.parametrize("parts", ["[]", "甲", "\n      - 甲"])
def test_a_passage_has_questions(parts: str) -> None:
    result = checked("  - id: p\n    type: passage\n    prompt: 材料\n    questions: " + parts + "\n")
    assert result.bank is None
    assert len(result.faults) == 1


def test_points_of_one_question_stay_beside_other_points_of_the_passage() -> None:
    made = checked(PASSAGE.replace("        points: 3\n", "        points: 1\n")).bank
    assert made is not None
    assert [part.points for part in made.questions[0].parts] == [200, 100]
    assert check(dump(made).encode()).bank == made
