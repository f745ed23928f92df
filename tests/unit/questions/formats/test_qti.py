"""QTI as other programs write it, and ours in the order and with the attributes that the standard wants."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import packed
from studyhub.questions.formats import FORMATS, detect
from studyhub.questions.formats.exchange import Draft, Source
from studyhub.questions.formats.qti.formats import read
from tests.factories.items import PIXEL

V21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
V30 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
HEAD = {"bank": "b", "title": "题库", "language": "zh"}
MATCH = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
MAPPED = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"

BETWEEN = (
    '<and><gte><variable identifier="RESPONSE"/><baseValue baseType="float">3</baseValue></gte>'
    '<lte><variable identifier="RESPONSE"/><baseValue baseType="float">4</baseValue></lte></and>'
)


def item(declared: str, body: str, processing: str = "", more: str = "", name: str = "q1") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="{V21}" identifier="{name}" title="t" adaptive="false" timeDependent="false">
  {declared}
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
  <itemBody>{body}</itemBody>
  {processing}{more}
</assessmentItem>"""


def declared(correct: str, cardinality: str = "single", kind: str = "identifier", mapping: str = "") -> str:
    values = "".join(f"<value>{value}</value>" for value in correct.split("|") if value)
    right = f"<correctResponse>{values}</correctResponse>" if values else ""
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{kind}">'
        f"{right}{mapping}</responseDeclaration>"
    )


def template(address: str) -> str:
    return f'<responseProcessing template="{address}"/>'


def choices(name: str, *texts: str, **attributes: str) -> str:
    said = "".join(f' {key}="{value}"' for key, value in attributes.items())
    inner = "".join(
        f'<simpleChoice identifier="C{n}">{text}</simpleChoice>' for n, text in enumerate(texts, 1)
    )
    return f'<{name} responseIdentifier="RESPONSE"{said}><prompt>哪些？</prompt>{inner}</{name}>'


def mapping(**values: str) -> str:
    entries = [f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in values.items()]
    return f"<mapping>{''.join(entries)}</mapping>"


def only(text: str) -> dict[str, Any]:
    found = read(Source(text.encode(), "q.xml"))
    assert [skipped.code for skipped in found.skipped] == []
    return found.questions[0]


def refused(text: str) -> str:
    return read(Source(text.encode(), "q.xml")).skipped[0].code


def test_the_prompt_may_stand_before_or_within_the_interaction() -> None:
    asked = choices("choiceInteraction", "甲", "乙", shuffle="true", maxChoices="1")
    body = f"<p>先看：<em>材料</em>。</p>{asked}"
    assert only(item(declared("C2"), body, template(MATCH))) == {
        "id": "q1",
        "type": "single",
        "prompt": "先看：*材料*。\n\n哪些？",
        "options": {"A": "甲", "B": "乙"},
        "answer": "B",
    }


@pytest.mark.parametrize(
    ("processing", "mapped", "marking", "points"),
    [
        (template(MATCH), "", "exact", None),
        (template(MAPPED), mapping(C1="1", C2="1", C3="-1"), "net", "2"),
        (template(MAPPED), mapping(C1="0.5", C2="0.5", C3="-1"), None, None),
    ],
)
def test_response_processing_is_read_as_a_marking_rule(
    processing: str, mapped: str, marking: str | None, points: str | None
) -> None:
    body = choices("choiceInteraction", "甲", "乙", "丙", maxChoices="0")
    found = only(item(declared("C1|C2", "multiple", mapping=mapped), body, processing))
    assert (found["answer"], found.get("marking"), found.get("points")) == (["A", "B"], marking, points)
    assert found["shuffle"] is False


def test_a_rule_that_we_do_not_have_is_told() -> None:
    body = choices("choiceInteraction", "甲", "乙", "丙", maxChoices="0")
    found = read(Source(item(declared("C1|C2", "multiple"), body).encode(), "q.xml"))
    assert [note.code for note in found.notes] == ["marking_unread"]


@pytest.mark.parametrize("texts", [("True", "False"), ("正确", "错误"), ("对", "错")])
def test_a_choice_between_true_and_false_is_a_question_of_that_type(texts: tuple[str, str]) -> None:
    found = only(item(declared("C2"), choices("choiceInteraction", *texts, maxChoices="1"), template(MATCH)))
    assert (found["type"], found["answer"]) == ("truefalse", False)


def test_gaps_in_a_text_are_blanks() -> None:
    gap = '<textEntryInteraction responseIdentifier="{}"/>'
    two = declared("北京", kind="string").replace("RESPONSE", "R1") + declared(
        "", kind="string", mapping=mapping(黄河="1", 大河="0.5")
    ).replace("RESPONSE", "R2")
    found = only(item(two, f"<p>首都{gap.format('R1')}，母亲河{gap.format('R2')}。</p>"))
    assert (found["prompt"], found["answer"]) == ("首都[[1]]，母亲河[[2]]。", [["北京"], ["黄河"]])


@pytest.mark.parametrize(
    ("rule", "answer", "tolerance"),
    [
        ('<equal toleranceMode="absolute" tolerance="0.1 0.1">{}</equal>', "3.14", "0.1"),
        ('<equal toleranceMode="relative" tolerance="5">{}</equal>', "3.14", "5%"),
        ('<equal toleranceMode="exact">{}</equal>', "3.14", None),
        (BETWEEN, "3.5", "0.5"),
    ],
)  # fmt: skip
def test_a_number_has_the_tolerance_of_its_rule(rule: str, answer: str, tolerance: str | None) -> None:
    both = '<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/>'
    processing = (
        f"<responseProcessing><responseCondition><responseIf>{rule.format(both)}"
        '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">2</baseValue></setOutcomeValue>'
        "</responseIf></responseCondition></responseProcessing>"
    )
    body = '<p>约 <textEntryInteraction responseIdentifier="RESPONSE"/> 米</p>'
    found = only(item(declared("3.14", kind="float"), body, processing))
    assert (found["type"], found["prompt"]) == ("number", "约 \\_\\_\\_\\_\\_ 米")
    assert (found["answer"], found.get("tolerance"), found["points"]) == (answer, tolerance, "2")


def test_a_choice_within_a_sentence_is_a_choice_with_a_gap() -> None:
    inner = "".join(
        f'<inlineChoice identifier="{k}">{t}</inlineChoice>' for k, t in (("x", "甲"), ("y", "乙"))
    )
    body = (
        f'<p>选<inlineChoiceInteraction responseIdentifier="RESPONSE">{inner}</inlineChoiceInteraction>。</p>'
    )
    found = only(item(declared("y"), body, template(MATCH)))
    assert (found["type"], found["prompt"], found["answer"]) == ("single", "选\\_\\_\\_\\_\\_。", "B")


def test_associations_and_orders() -> None:
    listed = "".join(
        f'<simpleAssociableChoice identifier="{key}" matchMax="1">{text}</simpleAssociableChoice>'
        for key, text in (("a", "法国"), ("b", "巴黎"), ("c", "日本"), ("d", "东京"), ("e", "柏林"))
    )
    body = (
        f'<associateInteraction responseIdentifier="RESPONSE" shuffle="true">{listed}</associateInteraction>'
    )
    found = only(item(declared("a b|c d", "multiple", "pair"), f"<p>配对</p>{body}", template(MAPPED)))
    assert found["pairs"] == {"法国": "巴黎", "日本": "东京"}
    assert found["distractors"] == ["柏林"]
    body = choices("orderInteraction", "二", "一", shuffle="true")
    assert only(item(declared("C2|C1", "ordered"), body, template(MATCH)))["items"] == ["一", "二"]


def test_feedback_of_options_and_of_the_whole() -> None:
    told = '甲<feedbackInline outcomeIdentifier="F" identifier="C1" showHide="show">近了</feedbackInline>'
    modal = (
        '<modalFeedback outcomeIdentifier="F" identifier="C1" showHide="show"><p>因为。</p></modalFeedback>'
    )
    body = choices("choiceInteraction", told, "乙", maxChoices="1")
    found = only(item(declared("C2"), body, template(MATCH), modal))
    assert found["options"]["A"] == {"text": "甲", "feedback": "近了"}
    assert found["explanation"] == "因为。"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (item("", "<p>说明</p>"), "description"),
        (item(declared("a"), '<hotspotInteraction responseIdentifier="RESPONSE"/>'), "type_not_read"),
        (item(declared(""), choices("choiceInteraction", "甲", "乙")), "no_right_answer"),
        (item(declared("C1|C2"), choices("choiceInteraction", "甲", "乙")), "one_right_answer"),
        (item(declared("C1"), choices("choiceInteraction", "甲", "乙") * 2), "several_interactions"),
        (item(declared("C1"), choices("choiceInteraction", *"甲" * 27)), "too_many_options"),
        (item(declared("C1", "ordered"), choices("orderInteraction", "甲", "乙")), "no_right_answer"),
        (item(declared("", kind="string"), '<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'),
         "no_right_answer"),
        (item('<templateDeclaration identifier="N"/><templateProcessing><templateConstraint/>'
              "</templateProcessing>", choices("choiceInteraction", "甲")), "formula_not_read"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_question_is_skipped_with_its_reason(text: str, code: str) -> None:
    assert refused(text) == code


def test_names_of_3_0_mean_what_those_of_2_x_mean() -> None:
    found = only(f"""<qti-assessment-item xmlns="{V30}" identifier="q1" title="t">
      <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
        <qti-correct-response><qti-value>B</qti-value></qti-correct-response></qti-response-declaration>
      <qti-outcome-declaration identifier="SCORE" normal-maximum="2"/>
      <qti-item-body><p>哪个？</p>
        <qti-choice-interaction response-identifier="RESPONSE" max-choices="1" shuffle="true">
          <qti-simple-choice identifier="A"><p>甲</p></qti-simple-choice>
          <qti-simple-choice identifier="B"><p>乙</p></qti-simple-choice>
        </qti-choice-interaction></qti-item-body>
      <qti-modal-feedback identifier="x"><qti-content-body><p>因为</p></qti-content-body></qti-modal-feedback>
    </qti-assessment-item>""")
    assert (found["type"], found["answer"], found["points"]) == ("single", "B", "2")
    assert found["explanation"] == "因为"


def test_a_package_is_read_in_the_order_of_its_manifest_with_its_pictures() -> None:
    pictured = choices("choiceInteraction", '<img src="../pics/a%20b.png" alt="图"/>', "乙", maxChoices="1")
    sounding = choices("choiceInteraction", '<object type="audio/mpeg" data="c.mp3">声</object>', "乙")
    listed = "".join(
        f'<resource type="imsqti_{kind}_xmlv2p1" href="{path}"/>'
        for kind, path in (
            ("test", "t.xml"),
            ("item", "two/q2.xml"),
            ("item", "one/q1.xml"),
            ("item", "gone.xml"),
        )
    )
    manifest = f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{listed}</resources></manifest>'
    files = {
        "imsmanifest.xml": manifest.encode(),
        "two/q2.xml": item(declared("C1"), pictured, template(MATCH), name="q2").encode(),
        "one/q1.xml": item(declared("C1"), sounding, template(MATCH)).encode(),
        "pics/a b.png": PIXEL,
        "one/c.mp3": b"ID3 sound",
    }
    source = Source(packed(files), "p.zip")
    assert detect(source).name == "qti21"
    found = read(source)
    assert [question["id"] for question in found.questions] == ["q2", "q1"]
    assert found.questions[0]["options"]["A"] == "![图](media/a-b.png)"
    assert found.questions[1]["options"]["A"] == "![声](media/c.mp3)"
    assert found.assets == {"media/a-b.png": PIXEL, "media/c.mp3": b"ID3 sound"}
    assert {note.code for note in found.notes} == {"test_lost", "file_missing"}


def test_a_package_without_a_manifest_is_refused() -> None:
    with pytest.raises(Unreadable) as error:
        read(Source(packed({"a.xml": b"<a/>"}), "p.zip"))
    assert error.value.code == "no_manifest"


@pytest.mark.parametrize("name", ["qti21", "qti22", "qti30"])
def test_a_single_item_is_recognised_by_its_namespace(name: str) -> None:
    write = FORMATS[name].write
    assert write is not None
    question = {"id": "q", "type": "truefalse", "prompt": "?", "answer": True}
    with zipfile.ZipFile(io.BytesIO(write(Draft(HEAD, [question])).data)) as archive:
        assert detect(Source(archive.read("items/q.xml"), "q.xml")).name == name


def gives(value: str, points: str, test: str = "match", branch: str = "responseIf") -> str:
    compared = f'<baseValue baseType="identifier">{value}</baseValue><variable identifier="RESPONSE"/>'
    worth = f'<baseValue baseType="float">{points}</baseValue>'
    score = f'<setOutcomeValue identifier="SCORE">{worth}</setOutcomeValue>'
    return f"<{branch}><{test}>{compared}</{test}>{score}</{branch}>"


def ruled(*branches: str) -> str:
    return (
        f"<responseProcessing><responseCondition>{''.join(branches)}</responseCondition></responseProcessing>"
    )


MAPPING = '<mapping><mapEntry mapKey="C1" mappedValue="0"/><mapEntry mapKey="C2" mappedValue="1"/></mapping>'


@pytest.mark.parametrize(
    ("said", "processing"),
    [
        (declared("C1"), ruled(gives("C2", "1"))),
        (declared("C1"), ruled(gives("C1", "0"), gives("C2", "2", branch="responseElseIf"))),
        (declared("C1", mapping=MAPPING), template(MAPPED)),
    ],
)
def test_a_marking_that_gives_its_points_for_another_answer_is_a_doubt(said: str, processing: str) -> None:
    found = read(Source(item(said, choices("choiceInteraction", "甲", "乙"), processing).encode(), "a.xml"))
    (doubt,) = found.doubts
    assert (doubt.code, dict(doubt.params)) == ("key_differs", {"declared": "A", "marked": "B"})
    assert doubt.source == "哪些？\nA. 甲\nB. 乙"
    assert [(one.name, one.item["answer"]) for one in doubt.choices] == [("by_marking", "B")]
    assert found.questions[0]["answer"] == "A"


@pytest.mark.parametrize(
    ("said", "processing"),
    [
        (declared("C2"), ruled(gives("C2", "1"))),
        (declared("C2"), ruled(gives("C1", "0.5"), gives("C2", "1", branch="responseElseIf"))),
        (declared("C1", mapping=MAPPING), template(MATCH)),
        (declared("C2", mapping=MAPPING), template(MAPPED)),
        (declared("C1"), ""),
    ],
)
def test_a_marking_that_agrees_or_is_not_there_is_none(said: str, processing: str) -> None:
    text = item(said, choices("choiceInteraction", "甲", "乙"), processing)
    assert read(Source(text.encode(), "a.xml")).doubts == []


def test_a_verdict_is_compared_with_its_marking_too() -> None:
    body = choices("choiceInteraction", "正确", "错误")
    found = read(Source(item(declared("C1"), body, ruled(gives("C2", "1"))).encode(), "a.xml"))
    assert (found.questions[0]["answer"], [doubt.code for doubt in found.doubts]) == (True, ["key_differs"])
