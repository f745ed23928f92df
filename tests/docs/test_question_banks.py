"""The banks that we ship are examples: what we ask of an editor, they keep."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from studyhub.kernel.shipped import shipped_folder
from studyhub.questions.bank import Bank
from studyhub.questions.bank_file import Checked, check
from studyhub.questions.difficulty import band_of
from studyhub.questions.revisions import Revision
from studyhub.questions.types import TYPES
from studyhub.questions.types.multiple import MARKING
from studyhub.questions.variants import as_drawn, drawn

FILES = sorted(shipped_folder("question_banks").glob("*.yaml"))
pytestmark = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@cache
def checked(path: Path) -> Checked:
    return check(path.read_bytes())


def bank_of(path: Path) -> Bank:
    bank = checked(path).bank
    assert bank is not None
    return bank


def test_a_shipped_bank_has_neither_fault_nor_warning(path: Path) -> None:
    assert checked(path).faults == []


def test_a_shipped_bank_is_named_like_its_file_and_holds_forty_questions(path: Path) -> None:
    assert bank_of(path).slug == path.stem
    assert len(bank_of(path).questions) >= 40


def test_every_question_says_why_and_on_what_it_rests(path: Path) -> None:
    lacking = [q.id for q in bank_of(path).questions if not (q.is_explained and q.source.get("document"))]
    assert lacking == []


def test_tags_are_in_the_language_of_the_bank(path: Path) -> None:
    bank = bank_of(path)
    assert bank.language == "zh"
    tags = {tag for question in bank.questions for tag in question.tags}
    assert tags
    assert [tag for tag in tags if not re.search("[\u4e00-\u9fff]", tag)] == []


def test_a_questions_own_key_is_worth_all_its_points(path: Path) -> None:
    asked = [part for question in bank_of(path).questions for part in question.parts or (question,)]
    for question in asked:
        revision = Revision(1, 1, path.stem, 1, question, {})
        for seed in (b"some member's paper", b"another one"):
            _, values, order = drawn(revision, seed)
            variant, order = as_drawn(revision, values + order)
            kind, content = variant.question.kind, variant.question.content
            answer = kind.accept(content, order, kind.explain(content, order, None).key)
            assert kind.mark(content, order, answer) == (None if kind.by_a_person else 1), question.name


def test_every_type_is_there_in_every_difficulty_so_that_mixes_can_be_drawn(path: Path) -> None:
    there = Counter((question.type, band_of(question.facility).value) for question in bank_of(path).questions)
    marked = [name for name, kind in TYPES.items() if not kind.by_a_person and name != "passage"]
    missing = [(t, d) for t in marked for d in ("easy", "medium", "hard") if not there[t, d]]
    assert missing == []


def test_every_marking_rule_of_several_right_options_is_shown(path: Path) -> None:
    used = {q.content.marking for q in bank_of(path).questions if q.type == "multiple"}
    assert used == set(MARKING)
