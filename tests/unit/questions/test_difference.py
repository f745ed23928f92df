"""What differs between two revisions, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.questions import difference
from studyhub.questions.difference import Piece, Sort
from tests.pace import Stopwatch

SAME, OLD, NEW = Sort.SAME, Sort.OLD, Sort.NEW


def test_chinese_is_compared_character_by_character() -> None:
    assert difference.words("每季度召开一次党员大会", "每月召开一次党员大会") == (
        Piece(SAME, "每"),
        Piece(OLD, "季度"),
        Piece(NEW, "月"),
        Piece(SAME, "召开一次党员大会"),
    )


def test_latin_words_stay_whole() -> None:
    assert difference.words("use HTTP here", "use HTTPS here") == (
        Piece(SAME, "use "),
        Piece(OLD, "HTTP"),
        Piece(NEW, "HTTPS"),
        Piece(SAME, " here"),
    )


def test_a_single_word_that_stayed_by_chance_does_not_tear_a_change_apart() -> None:
    pieces = difference.words("始末的开端", "终末之起源")
    assert pieces == (Piece(OLD, "始末的开端"), Piece(NEW, "终末之起源"))


@given(st.text("甲乙丙 ab.", max_size=40), st.text("甲乙丙 ab.", max_size=40))
def test_the_pieces_hold_both_texts_whole(old: str, new: str) -> None:
    pieces = difference.words(old, new)
    assert "".join(piece.text for piece in pieces if piece.sort is not NEW) == old
    assert "".join(piece.text for piece in pieces if piece.sort is not OLD) == new


def test_each_key_that_differs_is_named_with_its_part() -> None:
    old = {"id": "q", "type": "single", "prompt": "题", "options": {"A": "甲", "B": "乙"}, "answer": "A"}
    new = {**old, "options": {"A": {"text": "甲", "feedback": "对"}, "C": "丙"}, "answer": "C", "tags": ["x"]}
    found = [(each.key, each.part) for each in difference.between(old, new)]
    assert found == [
        ("options", "A feedback"),
        ("options", "C"),
        ("answer", ""),
        ("tags", ""),
        ("options", "B"),
    ]


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("answer", [["党支部"], ["大会"]], [["党支部"], ["党员大会"]]),
        ("pairs", {"左": "右"}, {"左": "上"}),
        ("items", ["先", "后"], ["后", "先"]),
        ("retired", None, True),
    ],
)
def test_every_shape_of_value_is_compared(key: str, old: object, new: object) -> None:
    before = {} if old is None else {key: old}
    assert [each.key for each in difference.between(before, {key: new})] == [key]
    assert difference.between({key: new}, {key: new}) == []


def test_two_long_texts_with_nothing_in_common_are_compared_in_no_time() -> None:
    with Stopwatch() as spent:
        pieces = difference.words("甲乙" * 10_000, "丙丁" * 10_000)
    assert spent.seconds < 1
    assert [piece.sort for piece in pieces] == [OLD, NEW]
