"""What a paper costs to write: it is read back as a whole, not question by question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from studyhub.questions.formats import FORMATS, decoding, text
from studyhub.questions.formats.exchange import Draft, Reading, Source, Writing
from studyhub.questions.formats.layout.writing import lay_out

TYPES: tuple[dict[str, Any], ...] = (
    {"type": "single", "options": {"A": "全心全意为人民服务", "B": "公道正派"}, "answer": "A"},
    {"type": "multiple", "options": {"A": "甲", "B": "乙", "C": "丙"}, "answer": ["A", "C"]},
    {"type": "truefalse", "answer": True, "explanation": "见党章总纲。"},
    {"type": "blank", "answer": [["群众路线"]], "tags": ["党章"]},
)
HEAD = {"bank": "b", "title": "测试题库", "language": "zh"}
MISREAD = TYPES[0] | {"prompt": "哪一项？", "options": {"A": "答案：乙", "B": "丙"}}


def bank(count: int, misread: dict[int, dict[str, Any]] | None = None) -> Draft:
    questions = [_one(at) | {"id": f"q{at}"} | (misread or {}).get(at, {}) for at in range(count)]
    return Draft(HEAD, questions)


def _one(at: int) -> dict[str, Any]:
    own = TYPES[at * 4 // 4000 % 4] if at % 50 else TYPES[at % 4]
    prompt = f"第{at}条规定[[1]]是根本。" if own["type"] == "blank" else f"第{at}条怎么说？"
    return own | {"prompt": prompt}


class Counted:
    """The reader, and how many lines it was given."""

    def __init__(self) -> None:
        self.lines = self.times = 0

    def __call__(self, lines: Sequence[str]) -> Reading:
        self.lines += len(lines)
        self.times += 1
        return text._read_back(lines)


def laid_out(draft: Draft) -> tuple[list[str], Writing, Counted]:
    counted = Counted()
    paper, writing = lay_out(draft, text.CARRIES, text.LAYOUT, counted)
    return paper.lines, writing, counted


def test_a_paper_that_reads_as_it_was_meant_is_read_once() -> None:
    lines, writing, counted = laid_out(bank(2000))
    assert (writing.written, writing.skipped) == (2000, [])
    first = 12  # the title is tried above the first question
    assert counted.times == 2
    assert counted.lines < len(lines) + first


def test_forty_misread_questions_among_thousands_cost_one_more_reading_of_the_whole() -> None:
    """Each of them is read by itself a few times, and never the rest with it."""
    wrong = dict.fromkeys(range(7, 2000, 50), MISREAD)
    lines, writing, counted = laid_out(bank(2000, wrong))
    assert [one.place.name for one in writing.skipped] == [f"q{at}" for at in wrong]
    assert writing.written == 1960
    assert counted.lines < 2.5 * len(lines)


def test_a_bank_of_nothing_but_misread_questions_is_read_a_question_at_a_time() -> None:
    _lines, writing, counted = laid_out(bank(400, dict.fromkeys(range(400), MISREAD)))
    assert (writing.written, len(writing.skipped)) == (0, 400)
    assert counted.times <= 2 + 2 * 400


def test_what_reads_well_alone_and_not_beside_the_next_stays_out() -> None:
    """The answer of each holds the number of the question that follows it."""
    essays = {
        at: {
            "type": "essay",
            "prompt": f"谈谈第{at}条。",
            "model_answer": f"一是学习。\n{at + 2}、二是执行。",
        }
        for at in range(0, 300, 3)
    }
    plain = {at: {"type": "essay", "prompt": f"谈谈第{at}条。"} for at in range(300) if at % 3}
    draft = Draft(HEAD, [one | {"id": f"q{at}"} for at, one in sorted((essays | plain).items())])
    lines, writing, counted = laid_out(draft)
    assert 0 < len(writing.skipped) <= 100
    assert {one.code for one in writing.skipped} == {"layout_misread"}
    found = text.read(Source("\n".join(lines).encode(), "题库.txt"))
    assert len(found.questions) == writing.written == 300 - len(writing.skipped)
    assert counted.lines < 12 * 4 * 300


@pytest.mark.parametrize(
    ("questions", "longer"), [(4, {"MOST_CHARACTERS": 60}), (4, {"MOST_LINES": 10}), (4, {})]
)
def test_a_paper_that_is_longer_than_what_is_read_says_so(
    questions: int, longer: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, most in longer.items():
        monkeypatch.setattr(decoding, name, most)
    writing = text.write(bank(questions))
    assert writing.written == questions
    assert ("longer_than_read" in [note.code for note in writing.notes]) == bool(longer)


@pytest.mark.parametrize(
    ("title", "stays", "comes_back"),
    [
        ("党章知识", True, True),
        ("材料一", True, False),  # read as the heading of a text, harmlessly
        ("1. 党章知识", False, False),  # would be a question
        ("一、党章 2. 党规", False, False),
    ],
)
def test_a_title_that_would_be_read_as_a_question_is_not_written(
    title: str, stays: bool, comes_back: bool
) -> None:
    writing = text.write(Draft(HEAD | {"title": title}, bank(6).questions))
    found = text.read(Source(writing.data, "题库.txt"))
    lost = [note.params["key"] for note in writing.notes if note.code == "bank_key_lost"]
    assert ("title" not in lost, found.head.get("title") == title) == (comes_back, comes_back)
    assert writing.data.decode("utf-8-sig").startswith(title) == stays
    assert len(found.questions) == 6


@pytest.mark.parametrize(
    "shown",
    [
        {"options": {"A": "![](media/a.png)", "B": "乙"}},
        {"type": "match", "pairs": {"甲": "![](media/a.png)", "丙": "丁"}},
        {"type": "order", "items": ["甲", "![](media/a.png)", "丙"]},
    ],
)
def test_an_option_that_is_a_picture_alone_is_no_empty_option_of_a_paper(shown: dict[str, Any]) -> None:
    own = TYPES[0] if "options" in shown else {}
    question = own | {"id": "q", "prompt": "哪一个？"} | shown
    writing = text.write(Draft(HEAD, [question]))
    assert [one.code for one in writing.skipped] == ["layout_misread"]


@pytest.mark.parametrize("path", sorted(Path("question_banks").glob("*.yaml")), ids=lambda path: path.stem)
def test_of_the_banks_that_come_along_only_variables_stay_out_of_a_paper(path: Path) -> None:
    bank = FORMATS["yaml"].read(Source(path.read_bytes(), path.name))
    writing = text.write(Draft(bank.head, bank.questions))
    assert {one.code for one in writing.skipped} <= {"variables_not_carried"}
    numbers = [one for one in bank.questions if one["type"] == "number" and "variables" not in one]
    found = [one for one in text.read(Source(writing.data)).questions if one["type"] == "number"]
    assert numbers
    for key in ("answer", "unit", "tolerance"):
        assert [one.get(key) for one in found] == [one.get(key) for one in numbers]
