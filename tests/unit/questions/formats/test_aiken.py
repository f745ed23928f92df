"""Aiken: plain lines."""

from __future__ import annotations

from studyhub.questions.formats.aiken import read, write
from studyhub.questions.formats.exchange import Draft, Place, Source

TEXT = """下列哪一个口令最安全？
A. 123456
B) 四个不相关的词
ANSWER: B

2 * 3 * 4 = ?
A. 24
B. 25
C. 以上都不对
answer: a, c

没有答案的题
A. 甲
B. 乙
"""


def test_options_and_answers_of_either_spelling_are_read() -> None:
    found = read(Source(TEXT.encode("gb18030")))
    first, second = found.questions
    assert first == {
        "type": "single",
        "prompt": "下列哪一个口令最安全？",
        "options": {"A": "123456", "B": "四个不相关的词"},
        "answer": "B",
    }
    assert (second["type"], second["answer"], second["prompt"]) == ("multiple", ["A", "C"], "2 * 3 * 4 = ?")
    assert [(one.place, one.code) for one in found.skipped] == [(Place.question(3), "aiken_answer")]


def test_a_question_without_its_answer_takes_the_next_one_not_along() -> None:
    found = read(Source("第一题\nA. 甲\nB. 乙\n\n第二题\nA. 丙\nB. 丁\nANSWER: B\n".encode()))
    assert [(one["prompt"], one["answer"]) for one in found.questions] == [("第二题", "B")]
    assert [(one.place, one.code) for one in found.skipped] == [(Place.question(1), "aiken_answer")]
    twice = read(Source("第一题\nA. 甲\nA. 乙\nANSWER: A\n".encode()))
    assert [one.code for one in twice.skipped] == ["option_twice"]


def test_what_plain_lines_cannot_hold_is_named() -> None:
    single = {"type": "single", "options": {"A": "1", "B": "2"}, "answer": "B"}
    draft = Draft(
        {"bank": "b", "title": "t", "language": "zh"},
        [
            {"id": "bold", "prompt": "**粗**体\n两行", **single},
            {"id": "trap", "prompt": "A. 像选项", **single},
            {"id": "yes", "type": "truefalse", "prompt": "对", "answer": True},
        ],
    )
    written = write(draft)
    assert written.data.decode() == "粗体 两行\nA. 1\nB. 2\nANSWER: B\n"
    assert [(one.place, one.code) for one in written.skipped] == [
        (Place.named("trap"), "looks_like_option"),
        (Place.named("yes"), "type_not_carried"),
    ]
    assert {note.code for note in written.notes} == {
        "bank_key_lost",
        "formatting_lost",
        "ids_lost",
    }
    assert {note.params["key"] for note in written.notes if note.code == "bank_key_lost"} == {
        "bank",
        "title",
        "language",
    }
