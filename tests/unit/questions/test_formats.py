"""A bank that is written and read again is the same bank; the published schema agrees with the checker."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft7Validator

from studyhub.kernel.points import Points
from studyhub.questions.bank import Bank, Question
from studyhub.questions.bank_file import check
from studyhub.questions.formats import bank_yaml
from studyhub.questions.schema import bank_schema
from studyhub.questions.types.base import normal
from studyhub.questions.types.blank import Blanks
from studyhub.questions.types.choice import Choice, Option
from studyhub.questions.types.match import Pairs
from studyhub.questions.types.number import Number
from studyhub.questions.types.order import Items

BANKS = sorted((Path(__file__).parents[3] / "question_banks").glob("*.yaml"))

TEXT = (
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"], exclude_characters="★☆\ufeff"
        )
        | st.sampled_from("\n:#-?[]{}&*!|>'\"%@`，：。 "),
        min_size=1,
        max_size=30,
    )
    .map(str.strip)
    .filter(bool)
)
SLUG = st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)
KEYS = "ABCDEFG"


@st.composite
def choices(draw: Any, kind: str) -> Choice:
    texts = draw(st.lists(TEXT, min_size=2, max_size=7))
    options = tuple(Option(KEYS[at], text, draw(TEXT | st.just(""))) for at, text in enumerate(texts))
    most = 1 if kind == "single" else len(texts)
    right = draw(st.sets(st.sampled_from(KEYS[: len(texts)]), min_size=1, max_size=most))
    marking = draw(st.sampled_from(["exact", "net", "under_share"])) if kind == "multiple" else ""
    return Choice(options, frozenset(right), draw(st.booleans()), marking)


@st.composite
def blanks(draw: Any) -> Blanks:
    lists = draw(st.lists(st.lists(TEXT, min_size=1, max_size=3), min_size=1, max_size=4))
    return Blanks(tuple(map(tuple, lists)), draw(st.booleans()), exact_case=True)


NUMBERS = st.builds(
    Number,
    st.decimals(-(10**6), 10**6, places=3).map(lambda number: format(number, "f")),
    st.sampled_from(["0", "0.01", "1%", "2.5%"]),
    st.sampled_from(["", "km", "千米", "%"]),
)


@st.composite
def pairs(draw: Any) -> Pairs:
    texts = draw(st.lists(TEXT, min_size=3, max_size=8, unique_by=lambda text: normal(text).casefold()))
    left, right = texts[: len(texts) // 2 + 1], texts[len(texts) // 2 + 1 :]
    chosen = [draw(st.sampled_from(right)) for _ in left]
    distractors = tuple(text for text in right if text not in chosen)
    return Pairs(tuple(zip(left, chosen, strict=True)), distractors, draw(st.booleans()))


ITEMS = st.builds(
    Items,
    st.lists(TEXT, min_size=2, max_size=6, unique_by=lambda text: normal(text).casefold()).map(tuple),
    st.sampled_from(["exact", "pairs"]),
    st.booleans(),
)


OTHERS: dict[str, Any] = {"number": NUMBERS, "match": pairs(), "order": ITEMS}


@st.composite
def questions(draw: Any, name: str) -> Question:
    kind = draw(st.sampled_from(["single", "multiple", "truefalse", "blank", "number", "match", "order"]))
    prompt = draw(TEXT)
    content: Any
    if kind == "blank":
        content = draw(blanks())
        prompt = " ".join(["填", *(f"[[{at + 1}]]" for at in range(len(content.accepted)))])
    elif kind in OTHERS:
        content = draw(OTHERS[kind])
    else:
        content = draw(st.booleans() if kind == "truefalse" else choices(kind))
    return Question(
        id=name,
        type=kind,
        prompt=prompt,
        content=content,
        points=Points(draw(st.integers(1, 100_000))),
        facility=draw(st.integers(0, 10_000)),
        tags=tuple(draw(st.lists(TEXT, max_size=3, unique=True))),
        explanation=draw(TEXT | st.just("")),
        source=draw(st.dictionaries(st.sampled_from(["document", "article", "version"]), TEXT)),
        review_by=draw(st.none() | st.dates(date(2000, 1, 1))),
        retired=draw(st.booleans()),
    )


@st.composite
def banks(draw: Any) -> Bank:
    names = draw(st.lists(SLUG, min_size=1, max_size=4, unique=True))
    return Bank(
        draw(SLUG),
        draw(TEXT),
        draw(st.sampled_from(["zh", "en"])),
        tuple(draw(questions(name)) for name in names),
        draw(st.sampled_from(["public", "internal", "restricted"])),
        draw(st.dictionaries(st.sampled_from(["document", "version"]), TEXT)),
    )


def unified_blanks(bank: Bank) -> bool:
    """Whether no blank accepts two texts that count as one (the checker drops the second)."""
    result = check(bank_yaml.dump(bank).encode())
    return not any(fault.code == "same_text" for fault in result.faults)


@given(banks().filter(unified_blanks))
@settings(deadline=None, max_examples=60)
def test_export_then_import_is_a_fixed_point(bank: Bank) -> None:
    result = check(bank_yaml.dump(bank).encode())
    assert [fault for fault in result.faults if fault.is_error] == []
    assert result.bank == bank


@given(banks())
@settings(deadline=None, max_examples=60)
def test_a_question_that_is_stored_and_loaded_is_the_same(bank: Bank) -> None:
    for question in bank.questions:
        assert Question.stored(question.written) == question
        assert Question.stored(question.written).digest == question.digest


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_the_banks_that_we_ship_agree_with_the_schema(path: Path) -> None:
    document = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    loose = yaml.load(path.read_text("utf-8"), Loader=type("Loader", (yaml.SafeLoader,), {}))
    loose["questions"] = [
        {**question, **({"review_by": str(question["review_by"])} if "review_by" in question else {})}
        for question in loose["questions"]
    ]
    errors = [str(error) for error in Draft7Validator(bank_schema()).iter_errors(loose)]
    assert errors == []
    assert document["bank"] == loose["bank"]


@pytest.mark.parametrize(
    "question",
    [
        {"id": "a", "type": "single", "prompt": "问", "options": {"A": "x"}, "answer": "A"},
        {"id": "a", "type": "single", "prompt": "问", "options": {"A": "x", "b": "y"}, "answer": "A"},
        {"id": "a", "type": "truefalse", "prompt": "问", "answer": True, "unit": "km"},
        {"id": "A", "type": "truefalse", "prompt": "问", "answer": True},
        {"id": "a", "type": "truefalse", "prompt": "问", "anwser": True},
        {"id": "a", "type": "blank", "prompt": "[[1]]", "answer": ["x"]},
        {"id": "a", "type": "match", "prompt": "问", "pairs": {"甲": "一"}},
        {"id": "a", "type": "match", "prompt": "问", "pairs": {"甲": "一", "乙": "二"}, "answer": "甲"},
        {"id": "a", "type": "match", "prompt": "问", "pairs": [["甲", "一"], ["乙", "二"]]},
        {"id": "a", "type": "order", "prompt": "问", "items": ["甲", "乙"], "marking": "net"},
        {"id": "a", "type": "order", "prompt": "问"},
    ],
)
def test_the_schema_refuses_what_the_checker_refuses(question: dict[str, Any]) -> None:
    bank = {"bank": "b", "title": "t", "language": "zh", "questions": [question]}
    assert not Draft7Validator(bank_schema()).is_valid(bank)
    assert check(yaml.dump(bank, allow_unicode=True).encode()).bank is None
