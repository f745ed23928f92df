"""Texts with gaps of other programs: what each gap offers, its key and its points come along."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from studyhub.questions.formats import FORMATS, gap_text
from studyhub.questions.formats.exchange import Reading, Skip, Source
from studyhub.questions.formats.gap_text import Gap

COLOURS = {"A": "红", "B": "绿"}
CHOICE = {"type": "single", "options": COLOURS, "answer": "B"}
NUMBER = {"type": "number", "answer": "3", "tolerance": "0.5"}
SHAPES = "花是 \\_\\_(1)\\_\\_，草是 \\_\\_(2)\\_\\_"


def read(form: str, document: str) -> Reading:
    reader = FORMATS[form].read
    assert reader is not None
    return reader(Source(document.encode(), "x.xml"))


def only(form: str, document: str) -> dict[str, Any]:
    found = read(form, document)
    assert [skipped.code for skipped in found.skipped] == []
    return found.questions[0]


def moodle(kind: str, text: str, more: str = "") -> str:
    asked = f'<questiontext format="html"><text>{text}</text></questiontext>'
    return f'<quiz><question type="{kind}">{asked}{more}</question></quiz>'


def words(*listed: tuple[str, str], tag: str = "selectoption") -> str:
    return "".join(f"<{tag}><text>{text}</text><group>{group}</group></{tag}>" for text, group in listed)


def canvas(text: str, *responses: str, kind: str = "fill_in_multiple_blanks_question", more: str = "") -> str:
    said = {"question_type": kind, "points_possible": "1.0"} | ({"case_sensitive": "true"} if more else {})
    fields = "".join(
        f"<qtimetadatafield><fieldlabel>{key}</fieldlabel><fieldentry>{value}</fieldentry></qtimetadatafield>"
        for key, value in said.items()
    )
    shown = f"<material><mattext>{text}</mattext></material>{''.join(responses)}"
    rules = "".join(
        f'<respcondition><conditionvar><varequal respident="response_{name}">{name}1</varequal>'
        '</conditionvar><setvar varname="SCORE" action="Add">50</setvar></respcondition>'
        for name in ("a", "b")
    )
    inner = f"<presentation>{shown}</presentation><resprocessing>{rules}</resprocessing>"
    return f'<questestinterop><item ident="q">{fields}{inner}</item></questestinterop>'


def gap(name: str, *texts: str, more: str = "") -> str:
    labels = "".join(
        f'<response_label ident="{name}{n}" {more}><material><mattext>{text}</mattext></material>'
        "</response_label>"
        for n, text in enumerate(texts, 1)
    )
    return f'<response_lid ident="response_{name}"><render_choice>{labels}</render_choice></response_lid>'


def qti(body: str, declared: str, processing: str = "") -> str:
    rules = f"<responseProcessing>{processing}</responseProcessing>" if processing else ""
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q" title="q">'
        f"{declared}<itemBody>{body}</itemBody>{rules}</assessmentItem>"
    )


def declared(name: str, kind: str, right: str, mapping: str = "") -> str:
    correct = f"<correctResponse><value>{right}</value></correctResponse>{mapping}"
    kinds = f'identifier="{name}" cardinality="single" baseType="{kind}"'
    return f"<responseDeclaration {kinds}>{correct}</responseDeclaration>"


def inline(name: str) -> str:
    choices = '<inlineChoice identifier="x">红</inlineChoice><inlineChoice identifier="y">绿</inlineChoice>'
    return (
        f'<inlineChoiceInteraction responseIdentifier="{name}" shuffle="true">{choices}'
        "</inlineChoiceInteraction>"
    )


def told(code: str, **params: Any) -> None:
    raise AssertionError(code)


def test_gaps_to_be_filled_in_are_one_question() -> None:
    gaps = [Gap({"type": "blank", "answer": ["甲"]}), Gap({"type": "blank", "answer": ["乙"]})]
    made = gap_text.question("[[1]]与[[2]]", gaps, "3", told)
    assert made == {"prompt": "[[1]]与[[2]]", "type": "blank", "answer": [["甲"], ["乙"]], "points": "3"}


def test_gaps_of_several_kinds_are_a_passage_and_keep_their_points_to_the_last_hundredth() -> None:
    gaps = [Gap(CHOICE), Gap(NUMBER), Gap({"type": "blank", "answer": ["甲"]})]
    made = gap_text.question("[[1]]、[[2]]、[[3]]", gaps, "", told)
    assert [(part["prompt"], part["type"]) for part in made["questions"]] == [
        ("(1)", "single"),
        ("(2)", "number"),
        ("(3) [[1]]", "blank"),
    ]
    assert sum(Decimal(part["points"]) for part in made["questions"]) == 1
    assert made["questions"][2]["answer"] == [["甲"]]


def test_a_choice_in_one_gap_is_a_single_choice() -> None:
    made = gap_text.question("花是[[1]]。", [Gap(CHOICE)], "", told)
    assert made == {"prompt": "花是\\_\\_\\_\\_\\_。", **CHOICE}


@pytest.mark.parametrize("prompt", ["[[1]]", "[[1]][[1]]", "[[2]][[3]]"])
def test_a_gap_that_is_not_in_the_text_once_is_a_reason(prompt: str) -> None:
    with pytest.raises(Skip) as skipped:
        gap_text.question(prompt, [Gap(CHOICE), Gap(CHOICE)], "", told)
    assert skipped.value.code == "gap_not_found"


def test_a_cloze_of_moodle_with_gaps_of_several_kinds_is_a_passage() -> None:
    gaps = "花是 {2:MCS:红~=绿#好}，草是 {1:NM:=3:0.5}"
    made = only("moodle-xml", moodle("cloze", gaps))
    assert (made["type"], made["prompt"]) == ("passage", SHAPES)
    assert made["questions"] == [
        {"id": "gap-1", **CHOICE, "options": {"A": "红", "B": {"text": "绿", "feedback": "好"}},
         "prompt": "(1)", "points": "2"},
        {"id": "gap-2", **NUMBER, "prompt": "(2)"},
    ]  # fmt: skip


def test_several_right_ones_in_a_gap_of_moodle_are_multiple() -> None:
    made = only("moodle-xml", moodle("cloze", "{1:MULTIRESPONSE:=红~%50%绿~=蓝~%-100%黑}"))
    assert (made["type"], made["answer"]) == ("multiple", ["A", "B", "C"])


def test_a_cloze_of_moodle_is_worth_what_its_gaps_are() -> None:
    assert only("moodle-xml", moodle("cloze", "{2:SA:=甲}与{2:SA:=乙}"))["points"] == "4"


@pytest.mark.parametrize(("kind", "tag"), [("gapselect", "selectoption"), ("ddwtos", "dragbox")])
def test_words_for_the_gaps_of_moodle_are_the_options_of_their_group(kind: str, tag: str) -> None:
    listed = words(("甲", "1"), ("红", "2"), ("绿", "2"), ("乙", "1"), tag=tag)
    made = only(
        "moodle-xml", moodle(kind, "花是 [[3]]，草是 [[1]]", f"{listed}<defaultgrade>2</defaultgrade>")
    )
    assert (made["type"], made["prompt"]) == ("passage", SHAPES)
    assert made["questions"] == [
        {"id": "gap-1", **CHOICE, "prompt": "(1)"},
        {"id": "gap-2", "type": "single", "options": {"A": "甲", "B": "乙"}, "answer": "A", "prompt": "(2)"},
    ]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("multiple_dropdowns_question", ""),
        ("fill_in_multiple_blanks_question", "answer_type='dropdown'"),
        ("fill_in_multiple_blanks_question", "answer_type='wordbank'"),
    ],
)
def test_what_a_gap_of_canvas_offers_is_no_right_answer_of_it(kind: str, more: str) -> None:
    made = only(
        "qti12",
        canvas(
            "花是 [a]，草是 [b]", gap("a", "绿", "红", more=more), gap("b", "甲", "乙", more=more), kind=kind
        ),
    )
    assert (made["type"], made["prompt"]) == ("passage", SHAPES)
    assert [(part["options"], part["answer"], part["points"]) for part in made["questions"]] == [
        ({"A": "绿", "B": "红"}, "A", "0.5"),
        ({"A": "甲", "B": "乙"}, "A", "0.5"),
    ]


def test_the_gaps_of_canvas_are_in_the_order_of_the_text() -> None:
    made = only("qti12", canvas("先 [b_1]，后 [a]", gap("a", "甲"), gap("b_1", "乙")))
    assert (made["prompt"], made["answer"]) == ("先 [[1]]，后 [[2]]", [["乙"], ["甲"]])


def test_how_new_quizzes_compares_texts_is_kept_told_or_a_reason() -> None:
    def filled(way: str, case: str = "") -> Reading:
        way = f"scoring_algorithm='{way}' answer_type='openEntry'"
        return read("qti12", canvas("是 [a]", gap("a", "红", "绿", more=way), more=case))

    assert filled("TextInChoices").questions[0]["answer"] == [["红", "绿"]]
    assert filled("TextInChoices").notes == []
    assert filled("TextEquivalence", "case").questions[0]["case"] == "exact"
    assert [note.code for note in filled("TextContainsAnswer").notes] == ["marking_unread"]
    assert [skipped.code for skipped in filled("TextRegex").skipped] == ["type_not_read"]


def test_lists_in_a_text_of_qti_are_a_passage_that_is_worth_what_their_mappings_give() -> None:
    mapping = '<mapping><mapEntry mapKey="y" mappedValue="2"/></mapping>'
    number = f'<textEntryInteraction responseIdentifier="S"/>{inline("T")}'
    rules = (
        "<responseCondition><responseIf><equal toleranceMode='absolute' tolerance='0.5 0.5'>"
        "<variable identifier='S'/><correct identifier='S'/></equal></responseIf></responseCondition>"
        "<setOutcomeValue identifier='SCORE'><sum><mapResponse identifier='R'/></sum></setOutcomeValue>"
    )
    made = only(
        "qti21",
        qti(
            f"<p>花 {inline('R')} 草 {number}</p>",
            declared("R", "identifier", "y", mapping)
            + declared("S", "float", "3")
            + declared("T", "identifier", "y"),
            rules,
        ),
    )
    assert made["prompt"] == "花 \\_\\_(1)\\_\\_ 草 \\_\\_(2)\\_\\_\\_\\_(3)\\_\\_"
    assert [(part["type"], part["answer"], part.get("tolerance")) for part in made["questions"]] == [
        ("single", "B", None),
        ("number", "3", "0.5"),
        ("single", "B", None),
    ]
    assert sum(Decimal(part.get("points", "1")) for part in made["questions"]) == 2
