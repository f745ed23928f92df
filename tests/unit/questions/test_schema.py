"""The published schema: it refuses nothing that the checker takes, and most of what it refuses."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from jsonschema_rs import Draft7Validator

from studyhub.questions.bank_file import check
from studyhub.questions.schema import bank_schema

CHOICE = {"prompt": "下列哪一个？", "options": {"A": "甲", "B": {"text": "乙", "feedback": "想"}, "C": "丙"}}
QUESTIONS: dict[str, dict[str, Any]] = {
    "single": {**CHOICE, "answer": "B", "shuffle": False, "tags": ["党务", "学习"], "points": 2},
    "multiple": {**CHOICE, "answer": ["A", "C"], "marking": "net", "difficulty": "easy"},
    "truefalse": {"prompt": "对吗", "answer": True, "review_by": "2027-06-30", "retired": True},
    "blank": {"prompt": "[[1]] 和 [[2]]", "answer": [["甲"], ["乙", "丙"]], "order": "any", "case": "exact"},
    "number": {"prompt": "多少", "answer": 3.5, "tolerance": "1%", "unit": "米", "explanation": "量"},
    "match": {"prompt": "配", "pairs": {"甲": "一", "乙": "二"}, "distractors": ["三"]},
    "order": {"prompt": "排", "items": ["甲", "乙", "丙"], "marking": "pairs"},
    "essay": {
        "prompt": "论",
        "rubric": [{"for": "要点", "points": 1}],
        "model_answer": "好",
        "max_chars": 99,
    },
    "passage": {
        "prompt": "读",
        "questions": [{"id": "p", "type": "truefalse", "prompt": "对吗", "answer": "对"}],
    },
    "varied": {
        "type": "number",
        "prompt": "{{a}} 加 {{b}}",
        "variables": {"a": {"from": 2, "to": 9, "step": 1}, "b": {"choose": [10, 20]}},
        "answer": "{{a+b}}",
    },
}
HEAD = {
    "bank": "b",
    "title": "标题",
    "language": "zh",
    "level": "public",
    "source": {"document": "法", "article": "一", "version": "2"},
    "defaults": {"points": 2, "tags": ["学"], "difficulty": 0.7, "tolerance": 0.1},
}
OTHERS: list[Any] = [
    None, "", " ", "x", "乙", "E", "AC", "3", "0.5", "yes", "是", "2027-06-30", "机密★1年", 5, 0, -1, 1.5,
    True, [], {}, "import", " import ", ["x"], [None], [["x"]], {"x": "y"}, {"A": "x"},
]  # fmt: skip
BEYOND = frozenset({
    "bad_facility", "bad_max_chars", "bad_tolerance", "blank_count", "duplicate_id", "no_variables",
    "not_a_number", "same_item", "unknown_variable", "variable_range",
})  # fmt: skip
"""What no schema can say: sums, and numbers between quotation marks."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def documents() -> Iterator[dict[str, Any]]:
    for name, own in QUESTIONS.items():
        yield {**HEAD, "questions": [{"id": "q", "type": name} | own]}


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from paths(item, (*path, key))


def changed(document: dict[str, Any], path: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    """The document with another value at this place, without it, and with its key misspelt or once more."""
    for other in (*OTHERS, ...):
        made = copy.deepcopy(document)
        at = made
        for key in path[:-1]:
            at = at[key]
        if other is not ...:
            at[path[-1]] = other
        elif isinstance(at, list):
            at.append(copy.deepcopy(at[path[-1]]))
        else:
            at[f"{path[-1]}x"] = at[path[-1]]
        yield made
        if other is None:
            made = copy.deepcopy(made)
            at = made
            for key in path[:-1]:
                at = at[key]
            del at[path[-1]]
            yield made


@cache
def judged() -> list[tuple[dict[str, Any], frozenset[str], bool]]:
    """Every changed document, the codes of its errors, and whether the schema takes it."""
    schema = Draft7Validator(bank_schema())
    found = []
    for document in documents():
        for path in paths(document):
            for made in changed(document, path):
                data = yaml.dump(made, allow_unicode=True, Dumper=_Dumper).encode()
                codes = frozenset(fault.code for fault in check(data).faults if fault.is_error)
                found.append((made, codes, schema.is_valid(made)))
    return found


@pytest.mark.parametrize("document", list(documents()), ids=list(QUESTIONS))
def test_a_good_bank_is_fine_for_both(document: dict[str, Any]) -> None:
    assert Draft7Validator(bank_schema()).is_valid(document)
    assert check(yaml.dump(document, allow_unicode=True).encode()).bank is not None


def test_the_schema_refuses_nothing_that_the_checker_takes() -> None:
    assert [made for made, codes, valid in judged() if not codes and not valid] == []


def test_the_schema_refuses_what_it_can_of_what_the_checker_refuses() -> None:
    assert [(codes, made) for made, codes, valid in judged() if codes - BEYOND and valid] == []
