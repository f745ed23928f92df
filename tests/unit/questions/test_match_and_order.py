"""What is joined, what is put in order: layouts that tell nothing, marks by formula, faults by place."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.questions.bank_file import Checked, check
from studyhub.questions.types import TYPES, BadAnswer
from studyhub.questions.types.match import Pairs
from studyhub.questions.types.order import Items

HEAD = "bank: b\ntitle: 标题\nlanguage: zh\nquestions:\n  - id: q\n    prompt: 题干\n    explanation: 解析\n"
MATCH, ORDER = TYPES["match"], TYPES["order"]
CITIES = Pairs((("北京", "中国"), ("巴黎", "法国"), ("里昂", "法国")), ("日本",))
STEPS = Items(("一", "二", "三", "四"), "pairs")
SEEDS = st.none() | st.binary(min_size=1, max_size=64)


def checked(more: str) -> Checked:
    return check((HEAD + more).encode())


def found(more: str) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.code) for fault in checked(more).faults]


@given(SEEDS)
def test_a_layout_shows_every_text_once_and_the_key_is_worth_everything(seed: bytes | None) -> None:
    for kind, content in ((MATCH, CITIES), (ORDER, STEPS)):
        order = kind.lay_out(content, seed)
        parts = kind.parts(content, order)
        shown = [path for keys in parts.values() for _, path in keys]
        assert sorted(shown) == sorted(kind.texts(content))
        key = kind.explain(content, order, None).key
        assert kind.mark(content, order, kind.accept(content, order, key)) == 1
        assert all(kind.explain(content, order, key).parts)


def test_a_right_text_that_several_share_is_shown_once() -> None:
    order = MATCH.lay_out(CITIES, None)
    assert len(MATCH.parts(CITIES, order)["left"]) == 3
    assert sorted(MATCH.texts(CITIES)[path] for _, path in MATCH.parts(CITIES, order)["right"]) == [
        "中国", "日本", "法国",
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [None, b"a member's"])
@given(st.lists(st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=4), min_size=2, max_size=8, unique=True))
def test_a_pinned_order_is_one_for_everybody_and_never_the_right_one(
    seed: bytes | None, texts: list[str]
) -> None:
    items = Items(tuple(texts), shuffle=False)
    order = ORDER.lay_out(items, seed)
    assert order == ORDER.lay_out(items, b"another member's")
    assert ORDER.mark(items, order, [letter for letter, _ in ORDER.parts(items, order)["items"]]) == 0
    pairs = Pairs(tuple((str(n), text) for n, text in enumerate(texts)), shuffle=False)
    assert MATCH.explain(pairs, MATCH.lay_out(pairs, seed), None).key != {
        str(n): chr(64 + n) for n in range(1, len(texts) + 1)
    }


@pytest.mark.parametrize(
    ("answer", "thirds"),
    [({"1": "A", "2": "B", "3": "B"}, 3), ({"1": "A", "2": "C"}, 1), ({"2": "B", "3": "B"}, 2), (None, 0)],
)
def test_each_pair_counts_the_same(answer: dict[str, str] | None, thirds: int) -> None:
    order = ("left.1", "left.2", "left.3", "right.1", "right.2", "right.3")
    assert MATCH.mark(CITIES, order, MATCH.accept(CITIES, order, answer)) == Fraction(thirds, 3)
    assert sum(MATCH.explain(CITIES, order, answer).parts) == thirds


@pytest.mark.parametrize(
    ("answer", "exact", "pairs"),
    [
        ("ABCD", 1, Fraction(1)),
        ("ABDC", 0, Fraction(5, 6)),
        ("BADC", 0, Fraction(4, 6)),
        ("DABC", 0, Fraction(3, 6)),
        ("DCBA", 0, Fraction(0)),
    ],
)
def test_an_order_is_worth_all_or_its_share_of_concordant_pairs(
    answer: str, exact: int, pairs: Fraction
) -> None:
    order = ("1", "2", "3", "4")
    assert ORDER.mark(Items(STEPS.items, "exact"), order, list(answer)) == exact
    assert ORDER.mark(STEPS, order, list(answer)) == pairs


def test_guessing_an_order_by_pairs_is_worth_half_on_average() -> None:
    marks = [ORDER.mark(STEPS, ("1", "2", "3", "4"), list(answer)) for answer in permutations("ABCD")]
    assert sum(mark for mark in marks if mark is not None) / len(marks) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("kind", "content", "answer"),
    [
        (MATCH, CITIES, {"4": "A"}),
        (MATCH, CITIES, {"1": "D"}),
        (MATCH, CITIES, {"1": 1}),
        (MATCH, CITIES, {"1": ["A"]}),
        (MATCH, CITIES, ["A"]),
        (MATCH, CITIES, "A"),
        (ORDER, STEPS, ["A", "B", "C"]),
        (ORDER, STEPS, ["A", "A", "B", "C"]),
        (ORDER, STEPS, ["A", "B", "C", "E"]),
        (ORDER, STEPS, ["A", "B", "C", 4]),
        (ORDER, STEPS, "ABCD"),
        (ORDER, STEPS, {"A": "1"}),
    ],
)
def test_what_is_no_answer_is_refused(kind: Any, content: Any, answer: Any) -> None:
    with pytest.raises(BadAnswer):
        kind.accept(content, kind.lay_out(content, None), answer)


@pytest.mark.parametrize(
    ("kind", "content", "empty"),
    [(MATCH, CITIES, {}), (MATCH, CITIES, {"1": ""}), (MATCH, CITIES, {"1": None}), (ORDER, STEPS, [])],
)
def test_nothing_chosen_is_no_answer(kind: Any, content: Any, empty: Any) -> None:
    assert kind.accept(content, kind.lay_out(content, None), empty) is None


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ("    type: match\n    pairs: {甲: 一}\n    distractors: [二]\n", [(9, 12, "pair_count")]),
        ("    type: match\n    pairs: [甲, 乙]\n", [(9, 12, "not_a_mapping")]),
        ("    type: match\n    pairs: {甲：一, 乙: 二}\n", [(9, 13, "fullwidth_colon")]),
        ("    type: match\n    pairs: {甲: , 乙: 二}\n", [(9, 16, "empty_pair")]),
        ("    type: match\n    pairs: {甲: 一, 甲 : 二}\n", [(9, 19, "same_left")]),
        ("    type: match\n    pairs: {甲: 一, 乙: 一}\n", [(9, 12, "one_to_choose")]),
        (
            "    type: match\n    pairs: {甲: 一, 乙: 二}\n    distractors: [三, 二, 三]\n",
            [(10, 22, "distractor_is_right"), (10, 25, "same_distractor")],
        ),
        ("    type: match\n    pairs: {甲: 一, 乙: 二}\n    answer: 甲\n", [(10, 5, "answer_elsewhere")]),
        ("    type: order\n    items: [甲]\n", [(9, 12, "item_count")]),
        ("    type: order\n    items: 甲乙\n", [(9, 12, "not_a_list")]),
        ('    type: order\n    items: [a, "", A]\n', [(9, 16, "empty_value"), (9, 20, "same_item")]),
        ("    type: order\n    items: [甲, 乙]\n    marking: net\n", [(10, 14, "unknown_word")]),
        ("    type: order\n    items: [甲, 乙]\n    pairs: {}\n", [(10, 5, "key_of_other_type")]),
        ("    type: order\n", [(5, 5, "missing_key")]),
    ],
)
def test_a_mistake_is_reported_at_its_place(more: str, faults: Sequence[tuple[int, int, str]]) -> None:
    assert found(more) == faults


def test_a_default_for_the_marking_of_another_type_is_left_alone() -> None:
    head = HEAD.replace("questions:", "defaults: {marking: net}\nquestions:")
    bank = check((head + "    type: order\n    items: [甲, 乙]\n").encode()).bank
    assert bank is not None
    assert bank.questions[0].content.marking == "exact"


def test_chinese_names_of_types_and_keys_are_understood_as_hints() -> None:
    meant = [
        fault.params["meant"] for fault in checked("    type: 连线题\n    配对: {甲: 一, 乙: 二}\n").faults
    ]
    assert meant == ["match", "pairs"]
