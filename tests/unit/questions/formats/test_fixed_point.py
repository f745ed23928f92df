"""Import → export → import is a fixed point of every format, and nothing is lost without being named."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyhub.questions.formats import FORMATS, detect, from_markup, text, to_markup
from studyhub.questions.formats.carrying import EVERYTHING
from studyhub.questions.formats.conversion import admit
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Draft, Format, Reading, Source
from studyhub.questions.formats.from_markup import literal
from studyhub.questions.formats.gift import absolute_tolerance
from studyhub.questions.formats.layout import writing as layout
from studyhub.questions.formats.to_markup import plain
from studyhub.questions.formats.word.texts import Texts
from tests.factories.items import MAKERS, PIXEL, drafts
from tests.factories.sight import seen, words

ABSOLUTE = {"gift", "moodle-xml"}
PLAIN = {"aiken"}
LAID = {"text", "docx"}
NAMELESS = PLAIN | LAID
WEIGHTED = {"gift", "moodle-xml"}
SHOWN = {"qti21", "qti22", "qti30"}
"""Formats that hold what is shown, not how it was typed."""
LAYOUTS = {"text": text.LAYOUT, "docx": Texts({"media/one.png": PIXEL}).plain}
PRIVATE = re.compile("[\U000f0000-\U000ffffd]")
BOTH_WAYS = sorted(name for name, made in FORMATS.items() if made.read and made.write)
CHECKED = ("single", "multiple", "truefalse", "blank", "number")
ROUNDS = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def source_of(made: Format, draft: Draft) -> tuple[Source, Any]:
    assert made.write is not None
    writing = made.write(draft)
    return Source(writing.data, f"{draft.slug}{writing.suffix}"), writing


def reading_of(made: Format, source: Source) -> Reading:
    assert made.read is not None
    return made.read(source)


def kept(question: dict[str, Any], made: Format) -> dict[str, Any]:
    """What the format says that it carries of a question."""
    carried = made.carries[question["type"]] | {"id", "type", "prompt"}
    left = {key: value for key, value in question.items() if key in carried}
    if made.name in LAID:
        return {"id": question["id"]} | layout.carried(left, made.carries)
    if "questions" in left:
        left["questions"] = [kept(part, made) for part in left["questions"]]
    if "feedback" not in carried and "options" in left:
        left["options"] = {
            key: one["text"] if isinstance(one, dict) else one for key, one in left["options"].items()
        }
    return left


def as_plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: one if key in ("id", "type", "answer") else as_plain(one) for key, one in value.items()}
    return literal(plain(value)) if isinstance(value, str) else value


def shown(text: str) -> str:
    """The one spelling that comes back of what a text shows."""

    def blank(element: Element) -> str | None:
        return f"[[{element.get('n')}]]" if element.tag == to_markup.BLANK else None

    return from_markup.of_html(to_markup.HTML.block(text), blank)


def as_shown(question: dict[str, Any]) -> dict[str, Any]:
    same = question | {
        key: shown(question[key]) for key in ("prompt", "explanation", "model_answer") if key in question
    }
    if "options" in same:
        same["options"] = {
            key: {part: shown(text) for part, text in one.items()} if isinstance(one, dict) else shown(one)
            for key, one in question["options"].items()
        }
    if "pairs" in same:
        same["pairs"] = {shown(left): shown(right) for left, right in question["pairs"].items()}
    return same | {
        key: [shown(text) for text in question[key]] for key in ("items", "distractors") if key in question
    }


PROSE = ("prompt", "explanation", "model_answer")


def sight(question: dict[str, Any], see: Callable[[str], Any]) -> list[Any]:
    """What a reader sees of the texts, by the renderer alone: signs of private planes are � to everybody."""
    texts = [question[key] for key in PROSE if key in question]
    texts += [one["text"] if isinstance(one, dict) else one for one in question.get("options", {}).values()]
    texts += [text for pair in question.get("pairs", {}).items() for text in pair]
    texts += [*question.get("items", ()), *question.get("distractors", ())]
    own = [see(PRIVATE.sub("\ufffd", text)) for text in texts]
    return [*own, *(sight(part, see) for part in question.get("questions", ()))]


def alike(question: dict[str, Any], made: Format) -> dict[str, Any]:
    """The question with what means the same in the one spelling that comes back from this format."""
    same = as_plain(question) if made.name in PLAIN else dict(question)
    if made.name in LAID:
        del same["id"]
        return layout.with_texts(same, LAYOUTS[made.name].back)
    same = as_shown(same) if made.name in SHOWN else same
    if "questions" in same:
        same["questions"] = [alike(part, made) for part in same["questions"]]
    if made.name in NAMELESS:
        del same["id"]
    if made.name in ABSOLUTE and "tolerance" in same and "variables" not in same:
        same["tolerance"] = absolute_tolerance(same)
        if not Decimal(same["tolerance"]):
            del same["tolerance"]
    if same["type"] == "multiple" and made.name in WEIGHTED | SHOWN:
        right = len(same["answer"])
        if made.name in WEIGHTED and same.get("marking") != "net":
            same.pop("marking", None)
        # With one right option, or no wrong one, both rules give the same marks.
        if same.get("marking") == "net" and right in (1, len(same["options"])):
            del same["marking"]
    return same


@pytest.mark.parametrize("name", [name for name in BOTH_WAYS if name != "yaml"])
@given(data=st.data())
@ROUNDS
def test_what_is_written_is_read_again_and_the_rest_is_named(name: str, data: Any) -> None:
    made = FORMATS[name]
    draft = data.draw(drafts(kinds=tuple(MAKERS)))
    source, writing = source_of(made, draft)
    assert writing.written + len(writing.skipped) == len(draft.questions)
    if not writing.written:
        return
    first = reading_of(made, source)
    assert first.read == writing.written
    assert first.skipped == []
    left_out = {skipped.place.name for skipped in writing.skipped}
    named = {
        (note.params["key"], place.name)
        for note in writing.notes
        if note.code == "key_lost"
        for place in note.places
    }
    expected = [kept(question, made) for question in draft.questions if question["id"] not in left_out]
    if made.name in LAID:
        # What is in the way of reading a question back is left out of it, and named.
        whole = [question for question in draft.questions if question["id"] not in left_out]
        expected = [
            {key: value for key, value in question.items() if (key, of["id"]) not in named}
            for question, of in zip(expected, whole, strict=True)
        ]
    assert first.questions == [alike(question, made) for question in expected]
    if made.name in LAID:
        changed = {
            place.name for note in writing.notes if note.code == "formatting_lost" for place in note.places
        }
        for found, question in zip(first.questions, expected, strict=True):
            see = words if question["id"] in changed and sight(found, seen) != sight(question, seen) else seen
            assert sight(found, see) == sight(question, see)
    for question, whole in zip(
        expected, [q for q in draft.questions if q["id"] not in left_out], strict=True
    ):
        assert whole.keys() - question.keys() <= {key for key, item in named if item == whole["id"]}
    named_again = [{"id": f"q{place}", **question} for place, question in enumerate(first.questions)]
    again = Draft(draft.head, named_again, first.assets)
    assert reading_of(made, source_of(made, again)[0]).questions == first.questions


@pytest.mark.parametrize("name", BOTH_WAYS)
@given(draft=drafts(kinds=CHECKED))
@ROUNDS
def test_an_imported_bank_exported_and_imported_again_is_the_same(name: str, draft: Draft) -> None:
    made = FORMATS[name]
    source, writing = source_of(made, draft)
    if not writing.written:
        return
    first = admit(source, made)
    assert (
        first.read == writing.written == len(first.bank.questions if first.bank else ()) + len(first.skipped)
    )
    assert [skipped.code for skipped in first.skipped] == []
    assert first.bank is not None
    again = Draft(first.bank.head, [question.written for question in first.bank.questions], first.assets)
    second = admit(source_of(made, again)[0], made)
    assert second.bank == first.bank
    assert second.assets == first.assets


@pytest.mark.parametrize("name", [name for name in BOTH_WAYS if "images" in FORMATS[name].carries["single"]])
def test_an_image_survives_byte_for_byte(name: str) -> None:
    question = {
        "id": "q",
        "type": "single",
        "prompt": "看图：\n\n![图](media/one.png)",
        "options": {"A": "甲", "B": "乙"},
        "answer": "B",
    }
    draft = Draft({"bank": "b", "title": "图", "language": "zh"}, [question], {"media/one.png": PIXEL})
    found = admit(source_of(FORMATS[name], draft)[0], FORMATS[name])
    assert list(found.assets.values()) == [PIXEL]
    assert found.bank is not None
    assert next(iter(found.assets)) in found.bank.questions[0].prompt


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_what_was_written_is_recognised(name: str) -> None:
    question = {"id": "q", "type": "single", "prompt": "甲？", "options": {"A": "1", "B": "2"}, "answer": "B"}
    source, _ = source_of(FORMATS[name], Draft({"bank": "b", "title": "t", "language": "zh"}, [question]))
    assert detect(source).name == name


PROGRAMMING = [
    {
        "id": "dict",
        "type": "single",
        "prompt": "空字典怎么写？ print({}) {T} ::x:: // {=a}",
        "options": {"A": "{}", "B": "{T}", "C": "int main() { return 0; }"},
        "answer": "A",
    },
    {
        "id": "json",
        "type": "single",
        "prompt": '{"a": [1, ~2]} 是什么？',
        "options": {"A": "JSON", "B": "class A { ~A(); }", "C": "<question>"},
        "answer": "B",
    },
]


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_bank_about_programs_is_recognised_as_what_it_was_written_in(name: str) -> None:
    source, _ = source_of(FORMATS[name], Draft({"bank": "b", "title": "t", "language": "zh"}, PROGRAMMING))
    assert detect(source).name == name
    assert reading_of(FORMATS[name], source).read == len(PROGRAMMING)


def test_what_is_lost_names_each_question_once() -> None:
    question = {
        "id": "q",
        "type": "single",
        "prompt": "**粗**",
        "options": {"A": "**1**", "B": "**2**"},
        "answer": "B",
    }
    head = {"bank": "b", "title": "t", "language": "zh"}
    _, writing = source_of(FORMATS["aiken"], Draft(head, [question]))
    [lost] = [note for note in writing.notes if note.code == "formatting_lost"]
    assert [place.name for place in lost.places] == ["q"]


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_format_names_only_types_and_keys_that_there_are(name: str) -> None:
    for kind, keys in FORMATS[name].carries.items():
        assert keys <= EVERYTHING[kind]


OFFICE = [
    {
        "id": "a",
        "type": "single",
        "prompt": "首都是哪里？\n\n请选。",
        "options": {"x": "北京", "y": "上海"},
        "answer": "x",
        "explanation": "常识。\n见地图。",
        "tags": ["地理", "中国"],
        "points": "2",
        "difficulty": "easy",
    },
    {
        "id": "b",
        "type": "multiple",
        "prompt": "哪些？",
        "options": {"A": "甲", "B": "乙"},
        "answer": ["A", "B"],
    },
    {"id": "c", "type": "truefalse", "prompt": "对吗。", "answer": False},
    {"id": "d", "type": "blank", "prompt": "三会是[[1]]和[[2]]。", "answer": [["甲", "乙"], ["丙"]]},
    {
        "id": "e",
        "type": "match",
        "prompt": "连一连",
        "pairs": {"法国": "巴黎", "日本": "东京"},
        "distractors": ["罗马"],
    },
    {"id": "f", "type": "order", "prompt": "排一排", "items": ["春", "夏", "秋"]},
    {"id": "g", "type": "essay", "prompt": "谈谈。", "model_answer": "好。"},
    {
        "id": "h",
        "type": "passage",
        "prompt": "一段材料。",
        "questions": [
            {
                "id": "q1",
                "type": "single",
                "prompt": "何者？",
                "options": {"A": "1", "B": "2"},
                "answer": "B",
            },
            {"id": "q2", "type": "truefalse", "prompt": "对？", "answer": True},
        ],
    },
]
MISREAD = OFFICE[0] | {"id": "m", "options": {"A": "答案：乙", "B": "丙"}, "answer": "B"}
COMMA = OFFICE[2] | {"id": "n", "tags": ["甲，乙"]}


@pytest.mark.parametrize("name", sorted(LAID))
def test_a_paper_holds_every_question_of_its_types_and_names_what_would_be_misread(name: str) -> None:
    made = FORMATS[name]
    draft = Draft({"bank": "b", "title": "测试题库", "language": "zh"}, [*OFFICE, MISREAD, COMMA])
    source, writing = source_of(made, draft)
    assert [(one.place.name, one.code) for one in writing.skipped] == [("m", "layout_misread")]
    lost = [(note.params["key"], note.places[0].name) for note in writing.notes if note.code == "key_lost"]
    assert lost == [("tags", "n")]
    found = reading_of(made, source)
    assert found.head["title"] == "测试题库"
    assert [question["type"] for question in found.questions] == [one["type"] for one in [*OFFICE, COMMA]]
    assert found.questions[0]["options"] == {"A": "北京", "B": "上海"}
    assert found.doubts == []


@pytest.mark.parametrize("name", sorted(LAID))
def test_a_paper_has_as_many_headings_as_its_types_alternate(name: str) -> None:
    questions = [OFFICE[at % 2] | {"id": f"q{at}", "prompt": f"第{at}个？"} for at in range(240)]
    source, writing = source_of(
        FORMATS[name], Draft({"bank": "b", "title": "长题库", "language": "zh"}, questions)
    )
    assert (writing.written, writing.skipped) == (240, [])
    assert len(reading_of(FORMATS[name], source).questions) == 240


@pytest.mark.parametrize("name", sorted(LAID))
@pytest.mark.parametrize(("title", "comes_along"), [("党史 100 题及答案", True), ("1. 网络安全", False)])
def test_a_title_that_would_be_read_as_a_question_stays_out_and_is_named(
    name: str, title: str, comes_along: bool
) -> None:
    made = FORMATS[name]
    source, writing = source_of(made, Draft({"bank": "b", "title": title, "language": "zh"}, OFFICE))
    lost = [note.params["key"] for note in writing.notes if note.code == "bank_key_lost"]
    assert ("title" not in lost) == comes_along
    found = reading_of(made, source)
    assert len(found.questions) == len(OFFICE)
    assert found.head.get("title") == (title if comes_along else None)
