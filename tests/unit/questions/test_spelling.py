"""A slip is corrected; a word that is merely near is only suggested."""

from __future__ import annotations

import pytest

from studyhub.questions.spelling import is_slip


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("anwser", "answer"),
        ("answr", "answer"),
        ("Answer", "answer"),
        ("ａｎｓｗｅｒ", "answer"),
        ("tpye", "type"),
        ("explenatoin", "explanation"),
        ("Ａ", "A"),
    ],
)
def test_a_slip_of_the_finger_is_surely_the_word(word: str, meant: str) -> None:
    assert is_slip(word, meant)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("marks", "marking"),
        ("right", "retired"),
        ("key", "type"),
        ("ans", "answer"),
        ("unti", "id"),
        ("", "unit"),
    ],
)
def test_a_word_that_is_only_near_is_not(word: str, meant: str) -> None:
    assert not is_slip(word, meant)
