"""Decisions about doubtful items: each concerns its own item, and a rule only what it was made for."""

from __future__ import annotations

from studyhub.questions.formats.deciding import Decision, by_rules, decided, doubtful
from studyhub.questions.formats.exchange import Reading, Source
from studyhub.questions.formats.text import read
from studyhub.questions.states import Verdict

ACCEPT, LEAVE = Decision(Verdict.ACCEPT), Decision(Verdict.LEAVE)
TWICE = "多选题\n1. 选（ ）\nA. 甲\nB. 乙\n答案：A\n"
TWO_DOUBTS = "1. 选（A）\nA. 甲\nB. 乙\n3. 选（A）乙（B）\nA. 甲\nB. 乙"


def reading(text: str) -> Reading:
    return read(Source(text.encode(), "a.txt"))


def test_an_item_has_the_same_key_each_time_and_equal_ones_have_their_own() -> None:
    once, again = (doubtful(reading(TWICE + TWICE)) for _ in range(2))
    assert [one.key for one in once] == [one.key for one in again]
    assert len({one.key for one in once}) == 2


def test_a_decision_about_one_item_leaves_the_others_doubtful() -> None:
    found = reading(TWICE + TWICE)
    first = doubtful(found)[0].key
    settled = decided(found, lambda one: LEAVE if one.key == first else None)
    assert [one.code for one in settled.skipped] == ["left_out"]
    assert [doubt.at for doubt in settled.doubts] == [0]


def test_a_question_is_never_counted_twice_or_lost_by_a_decision() -> None:
    found = reading(TWICE + TWICE + "连线题\n1. 连一连")
    for decision in (None, ACCEPT, LEAVE):
        settled = decided(found, lambda one, decision=decision: decision)  # type: ignore[misc]
        assert settled.read == found.read
        assert len(settled.places) == len(settled.sources) == len(settled.questions)


def test_a_rule_decides_only_when_there_is_one_for_each_doubt() -> None:
    (one,) = doubtful(reading(TWO_DOUBTS))
    assert one.codes == ["several_brackets", "number_jump"]
    assert by_rules(one, {"number_jump": ACCEPT}) is None
    assert by_rules(one, {"number_jump": ACCEPT, "several_brackets": LEAVE}) is None
    assert by_rules(one, dict.fromkeys(one.codes, ACCEPT)) == ACCEPT


def test_a_rule_never_accepts_what_was_not_read() -> None:
    (one,) = doubtful(reading("连线题\n1. 连一连"))
    assert by_rules(one, {"no_layout": ACCEPT}) is None
    assert by_rules(one, {"no_layout": LEAVE}) == LEAVE
