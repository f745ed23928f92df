"""The words that a question is found by."""

from __future__ import annotations

from studyhub.questions import searching
from studyhub.questions.bank import Question
from studyhub.questions.types import TYPES


def words(prompt_html: str, **more: str) -> list[str]:
    question = Question("q-1", "truefalse", "", TYPES["truefalse"].stored({"answer": True}))
    return searching.words_of(question, {"prompt": prompt_html, **more}).split()


def test_a_run_of_chinese_characters_becomes_its_pairs_and_its_last_character() -> None:
    assert words("<p>网络安全</p>") == ["q", "1", "网络", "络安", "安全", "全"]


def test_emphasis_does_not_tear_a_word_apart_and_a_new_paragraph_does() -> None:
    assert "网络" in words("<p>网<strong>络</strong></p>")
    assert "网络" not in words("<p>网</p><p>络</p>")


def test_what_no_paper_shows_is_not_searched() -> None:
    assert "解析" not in words("<p>题</p>", explanation="<p>解析</p>", **{"feedback.A": "解析"})
    assert "选项" in words("<p>题</p>", **{"options.A": "选项"})


def test_width_and_case_make_no_difference() -> None:
    assert words("<p>ＵＳＢ接口</p>")[2:] == ["usb", "接口", "口"]
    assert searching.terms("usb 接口") == searching.terms("ＵＳＢ接口")


def test_a_longer_chinese_word_is_looked_for_as_pairs_that_follow_each_other() -> None:
    assert searching.terms("网络安全") == [(("网络", "络安", "安全"), False)]


def test_one_character_and_a_latin_word_may_go_on() -> None:
    assert searching.terms("安 pass") == [(("安",), True), (("pass",), True)]


def test_signs_alone_are_nothing_to_look_for() -> None:
    assert searching.terms('% ！" *') == []


def test_the_words_of_the_longest_question_stay_within_what_an_index_takes() -> None:
    assert len(words("<p>" + "长" * 50_000 + "</p>")) == searching.MOST_WORDS
