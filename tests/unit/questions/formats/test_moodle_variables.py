"""Calculated questions of Moodle, and texts that questions are about, in the shapes that Moodle exports."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from studyhub.questions.formats import FORMATS
from studyhub.questions.formats.conversion import admit
from studyhub.questions.formats.exchange import Draft, Reading, Source
from studyhub.questions.formats.moodle_formula import expression, formula
from studyhub.questions.formats.moodle_reading import read
from studyhub.questions.formats.moodle_xml import write

HEAD = {"bank": "b", "title": "t", "language": "zh"}


def dataset(name: str, *values: str) -> str:
    items = "".join(
        f"<dataset_item><number>{at}</number><value>{value}</value></dataset_item>"
        for at, value in enumerate(values, 1)
    )
    return (
        f"<dataset_definition><status><text>private</text></status><name><text>{name}</text></name>"
        "<type>calculated</type><distribution><text>uniform</text></distribution>"
        "<minimum><text>1</text></minimum><maximum><text>10</text></maximum><decimals><text>1</text></decimals>"
        f"<itemcount>{len(values)}</itemcount><dataset_items>{items}</dataset_items>"
        f"<number_of_items>{len(values)}</number_of_items></dataset_definition>"
    )


def answer(text: str, more: str = "", fraction: str = "100") -> str:
    return (
        f'<answer fraction="{fraction}"><text>{text}</text><tolerance>0.01</tolerance>'
        "<tolerancetype>1</tolerancetype><correctanswerformat>1</correctanswerformat>"
        f'<correctanswerlength>2</correctanswerlength>{more}<feedback format="html"><text></text></feedback>'
        "</answer>"
    )


def calculated(prompt: str, answers: str, *datasets: str, kind: str = "calculatedsimple") -> Reading:
    question = (
        f'<question type="{kind}"><name><text>n</text></name><questiontext format="html"><text>'
        f"<![CDATA[<p>{prompt}</p>]]></text></questiontext><defaultgrade>1.0000000</defaultgrade>"
        f"<synchronize>0</synchronize><single>1</single>{answers}<showunits>3</showunits>"
        f"<dataset_definitions>{''.join(datasets)}</dataset_definitions></question>"
    )
    return read(Source(f"<quiz>{question}</quiz>".encode(), "x.xml"))


def only(reading: Reading) -> dict[str, Any]:
    assert reading.skipped == []
    return reading.questions[0]


def written(*questions: dict[str, Any]) -> ElementTree.Element:
    return ElementTree.fromstring(write(Draft(HEAD, questions, {})).data)


def test_a_calculated_question_becomes_one_with_variables() -> None:
    found = only(
        calculated(
            "长 {a} 米、宽 {b} 米，周长 {=2*({a}+{b})} 米，面积是 {c} 的多少？",
            answer("{a}*{b}"),
            dataset("a", "2.0", "3.0", "4.0"),
            dataset("b", "1.5", "7.25", "3"),
        )
    )
    assert found["prompt"] == "长 {{a}} 米、宽 {{b}} 米，周长 {{2*(a+b)}} 米，面积是 {c} 的多少？"
    assert (found["type"], found["answer"], found["tolerance"]) == ("number", "{{a*b}}", "1%")
    assert found["variables"] == {"a": {"from": "2", "to": "4"}, "b": {"choose": ["1.5", "7.25", "3"]}}


def test_what_may_have_decimals_without_end_is_rounded_as_moodle_shows_it() -> None:
    found = only(calculated("{a}÷{b}", answer("{a}/{b}"), dataset("a", "1", "5"), dataset("b", "3", "4")))
    assert found["answer"] == "{{round(a/b, 2)}}"
    assert only(calculated("{a}", answer("{a}/4"), dataset("a", "1", "5")))["answer"] == "{{a/4}}"


def test_options_that_are_worked_out_stay_options() -> None:
    found = only(
        calculated(
            "{a}+{b}=?",
            answer("{={a}+{b}}") + answer("{={a}-{b}}", fraction="0"),
            dataset("a", "5", "6", "7"),
            dataset("b", "1", "2", "3"),
            kind="calculatedmulti",
        )
    )
    assert (found["options"], found["answer"]) == ({"A": "{{a+b}}", "B": "{{a-b}}"}, "A")


def test_values_that_moodle_draws_together_are_named() -> None:
    found = calculated("{a}{b}", answer("{a}+{b}"), dataset("a", "1", "2", "9"), dataset("b", "3", "5", "4"))
    assert [note.code for note in found.notes] == ["drawn_apart"]


@pytest.mark.parametrize(
    ("formula_there", "ours"),
    [
        ("pow({a}, 2) + 1", "a**2+1"), ("pow(pow({a},2),3)", "(a**2)**3"),
        ("round({a}*{b}, 1)", "round(a*b, 1)"),
        ("-({a} + {b})", "-(a+b)"), ("{a}-({b}-1)", "a-(b-1)"), ("2*pi()*{a}", "2*3.1415926536*a"),
        ("max({a},{b})/min({a},{b})", "max(a, b)/min(a, b)"),
    ],
)  # fmt: skip
def test_a_formula_is_read_into_the_closed_language(formula_there: str, ours: str) -> None:
    assert expression(formula_there) == ours


@pytest.mark.parametrize(
    ("ours", "there"),
    [
        ("a**2", "pow({a}, 2)"), ("a//b", "floor({a}/{b})"), ("a%b", "{a}-{b}*floor({a}/{b})"),
        ("-a**2", "-pow({a}, 2)"), ("(a+b)*2", "({a}+{b})*2"), ("a-(b-1)", "{a}-({b}-1)"),
    ],
)  # fmt: skip
def test_php_gets_no_sign_that_it_reads_otherwise(ours: str, there: str) -> None:
    assert formula(ours) == there


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sqrt({a})", "formula_not_read"), ("{a} > 1 ? 1 : 2", "formula_not_read"),
        ("system({a})", "formula_not_read"), ("pow({a}", "formula_not_read"), ("{z}+1", "no_values"),
    ],
)  # fmt: skip
def test_what_the_closed_language_has_not_is_skipped_by_name(text: str, code: str) -> None:
    [one] = calculated("{a}", answer(text), dataset("a", "1", "2")).skipped
    assert one.code == code


def test_values_are_written_so_that_moodle_meets_all_of_them() -> None:
    question = {
        "id": "q", "type": "number", "prompt": "{{a}} × {{b}}", "answer": "{{a*b}}", "tolerance": "1%",
        "variables": {"a": {"from": "2", "to": "9"}, "b": {"choose": ["10", "20"]}},
    }  # fmt: skip
    made = written(question).findall("question")[1]
    assert made.get("type") == "calculatedsimple"
    assert made.findtext("questiontext/text") == "<p>{={a}} × {={b}}</p>"
    assert made.findtext("answer/text") == "{a}*{b}"
    assert (made.findtext("answer/tolerance"), made.findtext("answer/tolerancetype")) == ("0.01", "1")
    a, b = ([v.text for v in d.iter("value")] for d in made.iter("dataset_definition"))
    assert len(set(zip(a, b, strict=True))) == len(a) == 16


def test_a_variable_with_more_values_than_moodle_keeps_is_named() -> None:
    question = {
        "id": "q", "type": "number", "prompt": "{{a}}", "answer": "{{a}}",
        "variables": {"a": {"from": "1", "to": "1000"}},
    }  # fmt: skip
    writing = write(Draft(HEAD, [question], {}))
    assert [note.code for note in writing.notes] == ["values_sampled"]
    values = [value.text for value in ElementTree.fromstring(writing.data).iter("value")]
    assert (len(values), values[0], values[-1]) == (100, "1", "1000")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"type": "blank", "prompt": "{{a}} [[1]]", "answer": [["x"]]}, "variables_not_carried"),
        ({"answer": "{{a}}{{a}}"}, "variables_not_carried"),
        ({"tolerance": "{{a}}"}, "variables_not_carried"),
        ({"variables": {"长": {"from": "1", "to": "2"}}, "answer": "{{长}}"}, "variable_name"),
    ],
)
def test_what_moodle_has_no_place_for_is_skipped_with_its_reason(more: dict[str, Any], code: str) -> None:
    question = {
        "id": "q", "type": "number", "prompt": "{{a}}", "answer": "{{a}}",
        "variables": {"a": {"from": "1", "to": "3"}},
    }  # fmt: skip
    assert [one.code for one in write(Draft(HEAD, [question | more], {})).skipped] == [code]


def test_a_text_is_followed_by_its_questions_and_they_come_back_together() -> None:
    parts = [
        {"id": "q1", "type": "truefalse", "prompt": "对吗？", "answer": True, "points": "2"},
        {"id": "q2", "type": "single", "prompt": "几？", "options": {"A": "1", "B": "2"}, "answer": "B"},
    ]
    passage = {
        "id": "read", "type": "passage", "prompt": "一段**材料**。", "questions": parts, "retired": True,
        "tags": ["阅读"],
    }  # fmt: skip
    made = write(Draft(HEAD, [passage], {}))
    root = ElementTree.fromstring(made.data)
    assert [q.get("type") for q in root.iter("question")][1:] == ["description", "truefalse", "multichoice"]
    assert [q.findtext("idnumber") for q in root.iter("question")][1:] == ["read", "read/q1", "read/q2"]
    assert {q.findtext("hidden") for q in list(root.iter("question"))[1:]} == {"1"}
    assert read(Source(made.data, "x.xml")).questions == [passage]


def test_a_text_that_nothing_is_asked_about_is_still_named() -> None:
    text = (
        '<question type="description"><name><text>t</text></name><questiontext><text>x</text>'
        "</questiontext><idnumber>read</idnumber></question>"
    )
    other = (
        '<question type="truefalse"><questiontext><text>y</text></questiontext><idnumber>reading/1</idnumber>'
        '<answer fraction="100"><text>true</text></answer></question>'
    )
    found = admit(Source(f"<quiz>{text}{other}</quiz>".encode(), "x.xml"), FORMATS["moodle-xml"])
    assert [(one.place.name, one.code) for one in found.skipped] == [("read", "description")]
    assert found.taken == 1
