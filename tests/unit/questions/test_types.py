"""The marking rules of bank-format.md, one by one, and what must hold for every question."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.kernel.points import Points, share
from studyhub.questions.types import TYPES, BadAnswer
from studyhub.questions.types.blank import Blanks, unified
from studyhub.questions.types.choice import Choice, Option, lay_out
from studyhub.questions.types.multiple import MARKING
from studyhub.questions.types.number import Number
from studyhub.questions.types.truefalse import read_verdict

KEYS = "ABCDEF"


def choice(count: int, right: str, **more: Any) -> Choice:
    options = tuple(Option(key, f"选项{key}") for key in KEYS[:count])
    return Choice(options, frozenset(right), **{"marking": "under_share", **more})


def marked(kind: str, content: Any, answer: Any, order: tuple[str, ...] = ()) -> Fraction:
    accepted = TYPES[kind].accept(content, order, answer)
    return TYPES[kind].mark(content, order, accepted)


CHOICES = st.integers(2, 6).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.sets(st.sampled_from(KEYS[:count]), min_size=1),
        st.sets(st.sampled_from(KEYS[:count])),
        st.permutations(KEYS[:count]),
    )
)


@pytest.mark.parametrize(
    ("rule", "chosen", "hundredths"),
    [
        ("exact", "ABC", 400),
        ("exact", "AB", 0),
        ("exact", "ABCD", 0),
        ("under_half", "ABC", 400),
        ("under_half", "A", 200),
        ("under_half", "AD", 0),
        ("under_half", "", 0),
        ("under_share", "ABC", 400),
        ("under_share", "A", 133),
        ("under_share", "AB", 267),
        ("under_share", "ABD", 0),
        ("net", "ABC", 400),
        ("net", "ABD", 133),
        ("net", "AD", 0),
        ("net", "DE", 0),
    ],
)
def test_multiple_choice_is_marked_by_its_rule(rule: str, chosen: str, hundredths: int) -> None:
    content = choice(5, "ABC", marking=rule)
    part = marked("multiple", content, list(chosen), tuple(KEYS[:5]))
    assert share(Points(400), part) == hundredths


@given(CHOICES, st.sampled_from(sorted(MARKING)))
def test_what_is_right_in_one_order_is_right_in_every_order(
    drawn: tuple[int, set[str], set[str], list[str]], rule: str
) -> None:
    count, right, chosen, order = drawn
    content = choice(count, "".join(right), marking=rule)
    in_file = marked("multiple", content, sorted(chosen), tuple(KEYS[:count]))
    letters = [KEYS[order.index(key)] for key in chosen]
    assert marked("multiple", content, letters, tuple(order)) == in_file


@given(CHOICES)
def test_the_four_rules_never_differ_on_all_right_and_nothing(
    drawn: tuple[int, set[str], set[str], list[str]],
) -> None:
    count, right, _, order = drawn
    for rule in MARKING:
        content = choice(count, "".join(right), marking=rule)
        key = TYPES["multiple"].explain(content, tuple(order), None).key
        assert marked("multiple", content, key, tuple(order)) == 1
        assert marked("multiple", content, None, tuple(order)) == 0
        assert marked("multiple", content, [], tuple(order)) == 0


@given(CHOICES, st.sampled_from(sorted(MARKING)))
def test_a_share_lies_between_nothing_and_all(
    drawn: tuple[int, set[str], set[str], list[str]], rule: str
) -> None:
    count, right, chosen, order = drawn
    part = marked("multiple", choice(count, "".join(right), marking=rule), sorted(chosen), tuple(order))
    assert 0 <= part <= 1


def test_single_choice_is_all_or_nothing_in_the_letters_shown() -> None:
    content = choice(4, "B")
    assert marked("single", content, "A", ("B", "D", "C", "A")) == 1
    assert marked("single", content, "B", ("B", "D", "C", "A")) == 0
    assert marked("single", content, None, ("B", "D", "C", "A")) == 0


@pytest.mark.parametrize(
    ("kind", "content", "answer"),
    [
        ("single", choice(2, "A"), "C"),
        ("single", choice(2, "A"), ["A"]),
        ("single", choice(2, "A"), True),
        ("multiple", choice(2, "A"), "A"),
        ("multiple", choice(2, "A"), ["A", "A"]),
        ("multiple", choice(2, "A"), ["Z"]),
        ("multiple", choice(2, "A"), [["A"]]),
        ("truefalse", True, "maybe"),
        ("truefalse", True, 1),
        ("blank", Blanks((("a",),)), "a"),
        ("blank", Blanks((("a",),)), ["a", "b"]),
        ("blank", Blanks((("a",),)), [1]),
        ("number", Number("1"), ["1"]),
        ("number", Number("1"), True),
    ],
)
def test_an_answer_of_another_form_is_refused(kind: str, content: Any, answer: Any) -> None:
    order = ("A", "B") if kind in ("single", "multiple") else ()
    with pytest.raises(BadAnswer):
        TYPES[kind].accept(content, order, answer)


def test_the_order_of_options_depends_on_the_seed_alone() -> None:
    content = choice(6, "A")
    orders = {lay_out(content, bytes([seed])) for seed in range(60)}
    assert len(orders) > 40
    assert lay_out(content, b"\x07") == lay_out(content, b"\x07")
    assert lay_out(content, b"StudyHub") == ("E", "C", "B", "F", "D", "A"), "papers would no longer repeat"
    assert lay_out(content, None) == tuple("ABCDEF")
    assert lay_out(choice(6, "A", shuffle=False), b"\x07") == tuple("ABCDEF")


@pytest.mark.parametrize(
    "text",
    [
        "以上都对",
        "以上都不对。",
        "以上选项均不正确",
        "上述说法都正确",
        "以上全部正确",
        "以上皆是",
        "All of the above",
        "None of these",
    ],
)
def test_an_option_that_sums_up_stays_last(text: str) -> None:
    options = (Option("A", "甲"), Option("B", text), Option("C", "乙"))
    for seed in range(20):
        assert lay_out(Choice(options, frozenset("A")), bytes([seed]))[-1] == "B"


@pytest.mark.parametrize("text", ["以上级文件为准", "以上海为例", "above all", "都对"])
def test_other_options_do_not_sum_up(text: str) -> None:
    assert not Option("A", text).sums_up


@pytest.mark.parametrize("word", ["true", "Yes", "T", "对", "正确", "√", "是", " ＴＲＵＥ "])
def test_words_that_say_true(word: str) -> None:
    assert read_verdict(word) is True


@pytest.mark.parametrize("word", ["false", "no", "F", "错", "错误", "×", "否"])
def test_words_that_say_false(word: str) -> None:
    assert read_verdict(word) is False


@pytest.mark.parametrize(
    ("given_text", "accepted"),
    [
        ("  支部  党员大会 ", "支部 党员大会"),
        ("ＡＢＣ", "abc"),
        ("“三会一课”", '"三会一课"'),
        ("党章，党规", "党章,党规"),
        ("《党章》。", "<党章>."),
        ("2010—2020", "2010-2020"),
        ("等等……", "等等..."),
        ("STRASSE", "straße"),
    ],
)
def test_blanks_compare_width_case_space_and_punctuation_as_one(given_text: str, accepted: str) -> None:
    assert marked("blank", Blanks(((accepted,),)), [given_text]) == 1


def test_case_counts_where_the_question_says_so() -> None:
    assert marked("blank", Blanks((("TCP",),), exact_case=True), ["tcp"]) == 0
    assert marked("blank", Blanks((("TCP",),), exact_case=True), ["ＴＣＰ"]) == 1


def test_each_blank_weighs_the_same() -> None:
    content = Blanks((("a",), ("b", "c"), ("d",)))
    assert marked("blank", content, ["a", "C", "x"]) == Fraction(2, 3)
    assert TYPES["blank"].explain(content, (), ["a", "C", "x"]).parts == (True, True, False)


def test_blanks_in_any_order_use_the_best_matching() -> None:
    content = Blanks((("a", "b"), ("a",), ("c",)), any_order=True)
    assert marked("blank", content, ["a", "c", "b"]) == 1
    assert marked("blank", content, ["a", "a", "a"]) == Fraction(2, 3)


@given(st.lists(st.text("abc", min_size=1, max_size=2), min_size=1, max_size=5), st.randoms())
def test_in_any_order_a_permutation_of_the_key_is_right(texts: list[str], random: Any) -> None:
    content = Blanks(tuple((text,) for text in texts), any_order=True)
    answer = list(texts)
    random.shuffle(answer)
    assert marked("blank", content, answer) == 1


@given(st.text(max_size=30))
def test_unifying_twice_is_unifying_once(text: str) -> None:
    once = unified(text, exact_case=False)
    assert unified(once, exact_case=False) == once


@pytest.mark.parametrize(
    ("content", "answer", "right"),
    [
        (Number("3.14", "0.01"), "3.15", True),
        (Number("3.14", "0.01"), "3.13", True),
        (Number("3.14", "0.01"), "3.1501", False),
        (Number("0.3", "0"), "0.3", True),
        (Number("0.3"), "0.30000000000000004", False),
        (Number("200", "1%"), "202", True),
        (Number("-200", "1%"), "-202", True),
        (Number("200", "1%"), "202.01", False),
        (Number("5", unit="km"), "5 km", True),
        (Number("5", unit="km"), "５ｋｍ", True),
        (Number("5", unit="千米"), " 5千米 ", True),
        (Number("50", unit="%"), "50%", True),
        (Number("1000"), "1,000", False),
        (Number("-5"), "−5", True),
        (Number("1000"), "1e3", True),
        (Number("0.5"), ".5", True),
        (Number("1"), "一", False),
        (Number("1"), "NaN", False),
        (Number("1"), "1_0", False),
        (Number("3.14"), 3.14, True),
    ],
)
def test_numbers_are_compared_in_exact_decimals(content: Number, answer: Any, right: bool) -> None:
    assert marked("number", content, answer) == int(right)


@given(st.decimals(-(10**6), 10**6, places=4), st.decimals(0, 100, places=4))
def test_the_tolerance_is_inclusive_on_both_sides(key: Any, tolerance: Any) -> None:
    content = Number(str(key), str(tolerance))
    for edge in (key + tolerance, key - tolerance):
        assert marked("number", content, format(edge, "f")) == 1


def test_what_counts_as_answered() -> None:
    assert not TYPES["single"].is_answered(None)
    assert not TYPES["multiple"].is_answered([])
    assert not TYPES["blank"].is_answered(["", " "])
    assert not TYPES["number"].is_answered(" ")
    assert TYPES["truefalse"].is_answered(False)


def test_the_review_shows_the_feedback_of_what_was_chosen_and_what_is_right() -> None:
    options = (Option("A", "甲", "因为"), Option("B", "乙", "不对"), Option("C", "丙", "也不对"))
    content = Choice(options, frozenset("A"))
    explained = TYPES["single"].explain(content, ("C", "B", "A"), "B")
    assert explained.key == "C"
    assert explained.feedback == {"B": "B", "C": "A"}


def test_the_printed_rule_names_how_marks_are_given() -> None:
    assert TYPES["multiple"].rule(choice(3, "A", marking="net")) == "multiple_net"
    assert TYPES["blank"].rule(Blanks((("a",),), any_order=True)) == "blank_any"
    assert TYPES["number"].rule(Number("0", "1%")) == "number"
    assert TYPES["number"].rule(Number("3", "1%")) == "number_within"
