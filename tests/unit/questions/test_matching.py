"""A second upload of questions without ids finds the first ones again: by their words, then by likeness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studyhub.questions import bank_file, matching
from studyhub.questions.bank import Bank
from studyhub.questions.formats import bank_yaml
from studyhub.questions.matching import Match, propose
from studyhub.questions.plan import InForce, compare
from tests.pace import Stopwatch


def item(name: str, prompt: str, answer: Any = "B", kind: str = "single", **more: Any) -> dict[str, Any]:
    options = {"A": "甲", "B": "乙", "C": "丙"}
    return {"id": name, "type": kind, "prompt": prompt, "options": options, "answer": answer, **more}


def bank(*items: dict[str, Any]) -> Bank:
    head = {"bank": "b", "title": "t", "language": "zh"}
    checked = bank_file.check(bank_yaml.dump_written(head, items).encode())
    assert checked.bank is not None, checked.faults
    return checked.bank


def found(new: Sequence[dict[str, Any]], old: Sequence[dict[str, Any]]) -> dict[str, str]:
    made = {one["id"] for one in new}
    return {match.made: match.known for match in propose(bank(*new), made, bank(*old))}


def test_the_same_words_in_another_spelling_are_the_same_question() -> None:
    old = [item("one", "下列哪一个口令最安全？")]
    assert propose(bank(item("m", "下列哪一个 口令最安全?")), {"m"}, bank(*old)) == [Match("m", "one", 100)]


def test_a_corrected_prompt_is_recognised_by_its_likeness() -> None:
    old = [
        item("one", "党支部党员大会一般每季度召开一次，党支部委员会会议每月召开一次。"),
        item("two", "完全另外的一道试题在这里。"),
    ]
    new = [
        item("m", "党支部党员大会一般每季度要召开一次，党支部委员会会议每月召开一次。"),
        item("n", "这是一道从来没有过的新题目。"),
    ]
    [match] = propose(bank(*new), {"m", "n"}, bank(*old))
    assert (match.made, match.known) == ("m", "one")
    assert 85 <= match.percent < 100


def test_of_several_with_one_prompt_each_finds_the_one_that_says_the_rest() -> None:
    old = [
        item("a", "下列哪一项正确？", "A"),
        item("b", "下列哪一项正确？", "B"),
        item("c", "下列哪一项正确？", "C"),
    ]
    new = [item("x", "下列哪一项正确？", "C"), item("y", "下列哪一项正确？", "A")]
    assert found(new, old) == {"x": "c", "y": "a"}


def test_one_question_of_the_bank_is_found_once() -> None:
    old = [item("one", "党支部党员大会一般每季度召开一次是对的吗？")]
    new = [
        item("m", "党支部党员大会一般每季度召开一次，是对的吗？"),
        item("n", "党支部党员大会一般每季度召开一次是对的吗呢？"),
    ]
    assert found(new, old) == {"m": "one"}


def test_a_like_prompt_of_another_type_is_another_question() -> None:
    old = [item("one", "党支部党员大会一般每季度召开一次是对的吗？")]
    new = [item("m", "党支部党员大会一般每季度召开一次是对的吗呢？", ["A", "B"], "multiple")]
    assert found(new, old) == {}


def test_what_has_an_id_of_its_own_or_is_still_in_the_file_is_never_matched() -> None:
    old = [item("one", "下列哪一个口令最安全？")]
    assert propose(bank(item("mine", "下列哪一个口令最安全？")), set(), bank(*old)) == []
    both = [item("one", "换了说法的另一道题目。"), item("m", "下列哪一个口令最安全？")]
    assert propose(bank(*both), {"m"}, bank(*old)) == []


def test_a_second_upload_of_two_thousand_changes_them_and_replaces_none() -> None:
    old = bank(*(item(f"old-{n}", f"关于第{n}条规定的说法，下列哪一项是正确的？") for n in range(2000)))
    new = bank(*(item(f"m-{n}", f"关于第{n}条规定的说法,下列哪一项是正确的?", "C") for n in range(2000)))
    with Stopwatch() as spent:
        matches = propose(new, {question.id for question in new.questions}, old)
    assert spent.seconds < 5
    there = InForce(
        1, old.head, {q.id: q.digest for q in old.questions}, {q.id: q.key_digest for q in old.questions}
    )
    plan = compare(matching.renamed(new, {one.made: one.known for one in matches}), there)
    assert (len(plan.created), len(plan.changed), len(plan.retired)) == (0, 2000, 0)


def test_two_thousand_with_one_and_the_same_prompt_take_no_time() -> None:
    old = bank(*(item(f"old-{n}", "下列哪一项正确？", explanation=f"因为{n}") for n in range(2000)))
    new = bank(*(item(f"m-{n}", "下列哪一项正确？", explanation=f"因为{n}") for n in range(2000)))
    with Stopwatch() as spent:
        matches = propose(new, {question.id for question in new.questions}, old)
    assert spent.seconds < 5
    assert len(matches) == 2000
