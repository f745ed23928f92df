"""Template variables and shared texts of QTI, as other programs write them and as ours come back."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from studyhub.kernel.package import Package, packed
from studyhub.questions.formats import FORMATS, detect
from studyhub.questions.formats.exchange import Draft, Reading, Source
from studyhub.questions.formats.qti.formats import read

NS = "http://www.imsglobal.org/xsd/imsqti_v2p{}"
HEAD = {"bank": "b", "title": "题库", "language": "zh"}
VERSIONS = ("qti21", "qti22", "qti30")


def base(value: str, kind: str = "integer") -> str:
    return f'<baseValue baseType="{kind}">{value}</baseValue>'


def variable(name: str) -> str:
    return f'<variable identifier="{name}"/>'


def item(rules: str, body: str, names: str = "A B C", minor: int = 1) -> Source:
    declared = "".join(
        f'<templateDeclaration identifier="{name}" cardinality="single" baseType="integer"/>'
        for name in names.split()
    )
    text = f"""<assessmentItem xmlns="{NS.format(minor)}" identifier="q" title="t" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="integer"/>
{declared}<templateProcessing>{rules}</templateProcessing>
<itemBody><p>{body}</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p></itemBody>
</assessmentItem>"""  # noqa: E501
    return Source(text.encode(), "q.xml")


def given(name: str, value: str) -> str:
    return f'<setTemplateValue identifier="{name}">{value}</setTemplateValue>'


def right(value: str) -> str:
    return f'<setCorrectResponse identifier="RESPONSE">{value}</setCorrectResponse>'


ONE_TO_NINE = given("A", '<randomInteger min="1" max="9"/>')


def test_drawn_values_become_variables_and_printed_ones_expressions() -> None:
    rules = (
        ONE_TO_NINE
        + given("B", f"<random><multiple>{base('10')}{base('20')}</multiple></random>")
        + given("C", f"<sum>{variable('A')}{variable('B')}{base('1')}</sum>")
        + right(f"<product>{variable('C')}{base('2')}</product>")
    )
    found = read(item(rules, '<printedVariable identifier="A"/> 与 <printedVariable identifier="C"/>？'))
    assert found.skipped == []
    [question] = found.questions
    assert question["prompt"].startswith("{{A}} 与 {{A+B+1}}？")
    assert (question["type"], question["answer"]) == ("number", "{{(A+B+1)*2}}")
    assert question["variables"] == {"A": {"from": "1", "to": "9"}, "B": {"choose": ["10", "20"]}}


@pytest.mark.parametrize(
    ("rule", "ours"),
    [
        (f"<integerDivide>{variable('A')}{base('2')}</integerDivide>", "A//2"),
        (f"<subtract>{base('0')}{variable('A')}</subtract>", "-A"),
        (f'<mathOperator name="floor"><divide>{variable("A")}{base("4")}</divide></mathOperator>',
         "floor(A/4)"),
        (f'<roundTo roundingMode="decimalPlaces" figures="2">{variable("A")}</roundTo>', "round(A, 2)"),
        (f"<max>{variable('A')}{base('3')}</max>", "max(A, 3)"),
    ],
)  # fmt: skip
def test_operators_have_their_counterparts(rule: str, ours: str) -> None:
    [question] = read(item(ONE_TO_NINE + right(rule), "x")).questions
    assert question["answer"] == f"{{{{{ours}}}}}"


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ("<templateConstraint><isNull/></templateConstraint>", "formula_not_read"),
        (given("A", '<randomFloat min="0" max="1"/>') + right(variable("A")), "formula_not_read"),
        (ONE_TO_NINE + right(f'<mathOperator name="sin">{variable("A")}</mathOperator>'), "formula_not_read"),
        (right(variable("B")), "no_values"),
        (ONE_TO_NINE + right(base("viel")), "no_number"),
    ],
)
def test_rules_without_a_counterpart_are_skipped_by_name(rules: str, code: str) -> None:
    assert [one.code for one in read(item(rules, "x")).skipped] == [code]


QUESTION: dict[str, Any] = {
    "id": "q", "type": "number", "prompt": "求 $x^{ {{a}} }$：{{a}}、{{b}}。",
    "answer": "{{a*b+round(b/4, 2)}}",
    "variables": {"a": {"from": "0", "to": "1", "step": "0.25"}, "b": {"choose": ["10", "20.5"]}},
    "explanation": "{{a}} 乘 {{b}}。", "tolerance": "1%",
}  # fmt: skip
PASSAGE: dict[str, Any] = {
    "id": "read", "type": "passage", "prompt": "一段**材料**。", "tags": ["阅读"],
    "questions": [
        {"id": "q1", "type": "truefalse", "prompt": "对吗？", "answer": True, "points": "2"},
        {"id": "q2", "type": "number", "prompt": "{{a}}？", "answer": "{{a}}",
         "variables": {"a": {"from": "1", "to": "4"}}},
    ],
}  # fmt: skip


def through(name: str, *questions: dict[str, Any]) -> Reading:
    write = FORMATS[name].write
    assert write is not None
    writing = write(Draft(HEAD, questions, {}))
    assert writing.skipped == []
    return read(Source(writing.data, "x.zip"))


@pytest.mark.parametrize("name", VERSIONS)
def test_variables_and_passages_come_back(name: str) -> None:
    other = {"id": "z", "type": "truefalse", "prompt": "另一题。", "answer": False}
    found = through(name, QUESTION, PASSAGE, other)
    assert found.skipped == []
    assert found.questions == [QUESTION, PASSAGE, other]


@pytest.mark.parametrize(
    ("more"),
    [{"answer": "{{a}}{{a}}"}, {"tolerance": "{{a}}"}, {"prompt": "![{{a}}](x.png)"},
     {"answer": "{{round(b, a)}}"}, {"type": "blank", "prompt": "[[1]]", "answer": [["{{a}}"]]}],
)  # fmt: skip
@pytest.mark.parametrize("name", VERSIONS)
def test_where_no_variable_can_stand_the_question_is_skipped_by_name(name: str, more: dict[str, Any]) -> None:
    write = FORMATS[name].write
    assert write is not None
    question = {key: value for key, value in QUESTION.items() if key != "tolerance"} | more
    assert [one.code for one in write(Draft(HEAD, [question], {})).skipped] == ["variables_not_carried"]


@pytest.mark.parametrize(
    ("name", "kind", "root"),
    [
        ("qti21", "imsqti_section_xmlv2p1", "assessmentSection"),
        ("qti22", "imsqti_stimulus_xmlv2p2", "assessmentStimulus"),
        ("qti30", "imsqti_stimulus_xmlv3p0", "qti-assessment-stimulus"),
    ],
)
def test_the_text_of_a_passage_is_a_resource_of_its_own(name: str, kind: str, root: str) -> None:
    write = FORMATS[name].write
    assert write is not None
    package = Package(write(Draft(HEAD, [PASSAGE], {})).data)
    manifest = fromstring(package.read("imsmanifest.xml") or b"")
    kinds = {one.get("href"): one.get("type") for one in manifest.iter() if one.tag.endswith("}resource")}
    assert kinds["passages/read.xml"] == kind
    assert sum(one.tag.endswith("}dependency") for one in manifest.iter()) == 2
    assert fromstring(package.read("passages/read.xml") or b"").tag.rpartition("}")[2] == root


def test_a_text_that_is_missing_leaves_its_questions_and_is_named() -> None:
    write = FORMATS["qti22"].write
    assert write is not None
    package = Package(write(Draft(HEAD, [PASSAGE], {})).data)
    held = {name: package.read(name) or b"" for name in package.names if not name.startswith("passages/")}
    found = read(Source(packed(held), "x.zip"))
    assert [question["type"] for question in found.questions] == ["truefalse", "number"]
    assert {note.code for note in found.notes} == {"file_missing"}


@pytest.mark.parametrize("name", VERSIONS)
def test_an_item_of_a_text_that_cannot_be_read_leaves_the_others(name: str) -> None:
    write = FORMATS[name].write
    assert write is not None
    package = Package(write(Draft(HEAD, [PASSAGE], {})).data)
    held = {path: package.read(path) or b"" for path in package.names}
    asked = next(path for path, data in held.items() if "对吗".encode() in data)
    held[asked] = re.sub(rb"(choice)(-?i)nteraction", rb"drawing\2nteraction", held[asked], flags=re.I)
    found = read(Source(packed(held), "x.zip"))
    assert [[part["id"] for part in one["questions"]] for one in found.questions] == [["q2"]]
    [left] = found.skipped
    assert (left.place.name, left.code) == ("read.q1", "type_not_read")


@pytest.mark.parametrize("said", ['use="sharedstimulus"', 'class="passage"'])
def test_a_sections_instructions_are_no_text_of_a_passage(said: str) -> None:
    write = FORMATS["qti21"].write
    assert write is not None
    package = Package(write(Draft(HEAD, [PASSAGE], {})).data)
    held = {name: package.read(name) or b"" for name in package.names}
    for attribute, count in ((said, 1), ('use="instructions"', 2)):
        section = held["passages/read.xml"].replace(b'class="passage"', attribute.encode())
        found = read(Source(packed(held | {"passages/read.xml": section}), "x.zip"))
        assert found.read == count
    assert [note.code for note in found.notes] == ["test_lost"]


def test_an_item_and_a_package_of_2_0_are_recognised() -> None:
    assert detect(item("", "x", minor=0)).name == "qti21"
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources><resource identifier="r" '
        'type="imsqti_item_xmlv2p0" href="q.xml"><file href="q.xml"/></resource></resources></manifest>'
    )
    source = Source(packed({"imsmanifest.xml": manifest.encode(), "q.xml": item("", "x", minor=0).data}))
    assert detect(source).name == "qti21"
    assert read(source).read == 1
