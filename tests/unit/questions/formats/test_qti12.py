"""QTI 1.2 as Canvas exports it, and in the shapes of the standard that other programs write."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import packed
from studyhub.questions.formats import FORMATS, conversion, detect
from studyhub.questions.formats.exchange import Reading, Source
from studyhub.questions.formats.qti.format12 import read
from tests.factories.items import PIXEL

EXPORT = Path("tests/data/canvas-quiz.xml").read_bytes()
IMAGE = {"web_resources/Uploaded Media/login.png": PIXEL}


@pytest.fixture(scope="module")
def exported() -> Reading:
    return read(
        Source(packed({"imsmanifest.xml": b"<manifest/>", "g1f0/g1f0.xml": EXPORT, **IMAGE}), "quiz.zip")
    )


def named(reading: Reading, name: str) -> dict[str, Any]:
    return next(question for question in reading.questions if question["id"] == name)


def item(presentation: str, processing: str = "", more: str = "") -> str:
    return (
        f'<questestinterop><item ident="q">{more}<presentation><flow>{presentation}</flow></presentation>'
        f"<resprocessing>{processing}</resprocessing></item></questestinterop>"
    )


def gives(points: str, tests: str, action: str = "Set") -> str:
    change = f'<setvar varname="SCORE" action="{action}">{points}</setvar>'
    return f"<respcondition><conditionvar>{tests}</conditionvar>{change}</respcondition>"


def equal(value: str, more: str = "") -> str:
    return f'<varequal respident="R"{more}>{value}</varequal>'


def text(shown: str) -> str:
    return f"<material><mattext>{shown}</mattext></material>"


def choice(*texts: str, cardinality: str = "Single") -> str:
    labels = "".join(
        f'<response_label ident="o{n}">{text(t)}</response_label>' for n, t in enumerate(texts, 1)
    )
    render = f"<render_choice>{labels}</render_choice>"
    return f'<response_lid ident="R" rcardinality="{cardinality}">{render}</response_lid>'


RIGHT = gives("1", equal("o1"))
WHOLE_NUMBER = '<response_str ident="R"><render_fib fibtype="Integer"/></response_str>'
FIB = '<response_str ident="R"><render_fib/></response_str>'


def only(document: str) -> dict[str, Any]:
    found = read(Source(document.encode(), "x.xml"))
    assert [skipped.code for skipped in found.skipped] == []
    return found.questions[0]


def test_every_item_is_read_or_skipped_with_its_reason(exported: Reading) -> None:
    assert exported.read == 11
    assert [(one.place.name, one.code) for one in exported.skipped] == [
        ("gq10", "type_not_read"),
        ("gq11", "description"),
    ]
    assert exported.head == {"title": "网络安全测验"}


def test_pictures_formulas_and_feedback_of_canvas_come_along(exported: Reading) -> None:
    assert named(exported, "gq01") == {
        "id": "gq01",
        "type": "single",
        "prompt": "最**安全**的口令？ ![登录页](media/login.png) $n^2$",
        "options": {"A": {"text": "123456", "feedback": "太短"}, "B": "四个不相关的词"},
        "answer": "B",
        "explanation": "长度决定强度。",
        "points": "2",
    }
    assert exported.assets == {"media/login.png": PIXEL}
    assert ("key_lost", "itemfeedback") in {(note.code, note.params.get("key")) for note in exported.notes}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gq02", {"type": "truefalse", "prompt": "口令可以告诉同事。", "answer": False}),
        ("gq03", {"type": "multiple", "prompt": "选偶数", "options": {"A": "二", "B": "三", "C": "四"},
                  "answer": ["A", "C"], "marking": "exact"}),
        ("gq04", {"type": "blank", "prompt": "首都是 [[1]] 。", "answer": [["北京", "北京市"]]}),
        ("gq05", {"type": "blank", "prompt": "[[1]]与[[2]]", "answer": [["黄河", "大河"], ["泰山"]]}),
        ("gq06", {"type": "match", "prompt": "配对", "pairs": {"法国": "巴黎", "日本": "东京"},
                  "distractors": ["柏林"], "points": "4"}),
        ("gq07", {"type": "number", "prompt": "多少？", "answer": "6.0", "tolerance": "1.0"}),
        ("gq08", {"type": "order", "prompt": "排序", "items": ["提名", "讨论"]}),
        ("gq09", {"type": "essay", "prompt": "谈谈体会。", "points": "5"}),
    ],
)  # fmt: skip
def test_each_type_of_canvas_is_read(exported: Reading, name: str, expected: dict[str, Any]) -> None:
    assert named(exported, name) == {"id": name, **expected}


def test_an_export_becomes_a_bank_that_the_checker_accepts() -> None:
    source = Source(packed({"g1f0/g1f0.xml": EXPORT, **IMAGE}), "quiz.zip")
    assert detect(source).name == detect(Source(EXPORT, "x.xml")).name == "qti12"
    done = conversion.convert(source, FORMATS["qti12"], FORMATS["yaml"])
    assert (done.read, done.written) == (11, 9)


def test_a_test_that_canvas_wrote_twice_is_read_once() -> None:
    files = {"g1/assessment_qti.xml": EXPORT, "non_cc_assessments/g1.xml.qti": EXPORT}
    assert read(Source(packed(files), "course.imscc")).read == 11


def test_several_tests_of_a_package_become_tags() -> None:
    other = EXPORT.replace("网络安全测验".encode(), "第二次".encode())
    found = read(Source(packed({"a.xml": EXPORT, "b.xml": other}), "x.zip"))
    assert found.read == 22
    assert [question.get("tags") for question in found.questions[8:10]] == [["网络安全测验"], ["第二次"]]
    assert found.head == {}


def test_points_of_options_are_weights() -> None:
    rules = (
        gives("50", equal("o1"), "Add") + gives("50", equal("o2"), "Add") + gives("-50", equal("o3"), "Add")
    )
    found = only(item(text("选") + choice("甲", "乙", "丙", cardinality="Multiple"), rules))
    assert (found["answer"], found["marking"]) == (["A", "B"], "net")


def test_gaps_stand_where_the_responses_stand() -> None:
    gaps = f"{text('首都')}{FIB}{text('，母亲河')}{FIB.replace('R', 'S')}{text('。')}"
    rules = gives("1", equal("北京", ' case="Yes"')) + gives(
        "1", '<varequal respident="S" case="Yes">黄河</varequal>'
    )
    found = only(item(gaps, rules))
    assert (found["prompt"], found["answer"]) == ("首都 [[1]] ，母亲河 [[2]] 。", [["北京"], ["黄河"]])
    assert found["case"] == "exact"


@pytest.mark.parametrize(
    ("tests", "answer", "tolerance"),
    [
        (
            equal("5.0", ' margintype="percent" margin="1"') + '<vargte respident="R">4.95</vargte>',
            "5.0",
            "1%",
        ),
        (equal("5", ' margintype="absolute" margin="0.5"'), "5", "0.5"),
        ('<vargte respident="R">6.0</vargte><varlte respident="R">8.0</varlte>', "7.0", "1.0"),
        (f'{equal("4")}<vargte respident="R">4</vargte><varlte respident="R">4</varlte>', "4", None),
    ],
)
def test_a_number_has_its_margin_or_its_bounds(tests: str, answer: str, tolerance: str | None) -> None:
    found = only(
        item(
            text("多少") + FIB.replace("<render_fib/>", '<render_fib fibtype="Decimal"/>'), gives("1", tests)
        )
    )
    assert (found["type"], found["answer"], found.get("tolerance")) == ("number", answer, tolerance)


def test_metadata_of_the_standard_and_sections_are_read() -> None:
    fields = "".join(
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{entry}</fieldentry></qtimetadatafield>"
        for label, entry in (("qmd_itemtype", "Logical Identifier"), ("qmd_weighting", "1.255"))
    )
    document = item(
        text("甲？") + choice("一", "二"), gives("1", equal("o1")), f"<itemmetadata>{fields}</itemmetadata>"
    )
    document = document.replace("<item ", '<assessment title="T"><section title="第一章"><item ')
    found = read(Source(document.replace("</item>", "</item></section></assessment>").encode(), "x.xml"))
    assert found.questions[0]["tags"] == ["第一章"]
    assert found.questions[0]["points"] == "1.26"
    assert [note.code for note in found.notes] == ["points_rounded"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (item(text("甲") + choice("一", "二")), "no_right_answer"),
        (item(text("甲") + choice("一", "二"), RIGHT + gives("1", equal("o2"))), "one_right_answer"),
        (item(text("甲") + choice(*"一" * 27), RIGHT), "too_many_options"),
        (item(text("甲") + '<response_xy ident="R"/>'), "type_not_read"),
        (item(text("甲")), "description"),
        (item(text("甲") + choice("一", "二", cardinality="Ordered"), RIGHT), "no_right_answer"),
        (item(text("甲") + choice("一") * 2, RIGHT), "pairs_not_read"),
        (item(text("甲") + WHOLE_NUMBER, gives("1", equal("x"))), "no_number"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_question_is_skipped_with_its_reason(document: str, code: str) -> None:
    assert [skipped.code for skipped in read(Source(document.encode(), "x.xml")).skipped] == [code]


def test_what_holds_no_questions_is_refused() -> None:
    with pytest.raises(Unreadable) as alone:
        read(Source(b"<manifest/>", "x.xml"))
    with pytest.raises(Unreadable) as in_package:
        read(Source(packed({"a.xml": b"<a/>"}), "x.zip"))
    assert (alone.value.code, in_package.value.code) == ("xml_root", "no_qti12")


def bank_file(title: str, name: str = "b1") -> bytes:
    said = f"<fieldlabel>bank_title</fieldlabel><fieldentry>{title}</fieldentry>"
    field = f"<qtimetadatafield>{said}</qtimetadatafield>"
    inner = f"<presentation>{choice('甲', '乙')}</presentation><resprocessing>{RIGHT}</resprocessing>"
    asked = f'<item ident="{name}-q">{inner}</item>'
    bank = f'<objectbank ident="{name}"><qtimetadata>{field}</qtimetadata>{asked}</objectbank>'
    return f"<questestinterop>{bank}</questestinterop>".encode()


def drawing(name: str) -> bytes:
    draw = f"<sourcebank_ref>{name}</sourcebank_ref><selection_number>3</selection_number>"
    ordering = f"<selection_ordering><selection>{draw}</selection></selection_ordering>"
    group = f'<section ident="g" title="第一组">{ordering}</section>'
    quiz = f'<assessment ident="a" title="测验"><section ident="root_section">{group}</section></assessment>'
    return f"<questestinterop>{quiz}</questestinterop>".encode()


def test_a_bank_of_canvas_is_called_by_its_metadata() -> None:
    assert read(Source(bank_file("党建题库"), "b1.xml.qti")).head["title"] == "党建题库"
    both = packed({"b1.xml.qti": bank_file("党建"), "b2.xml.qti": bank_file("安全", "b2")})
    assert [one["tags"] for one in read(Source(both, "course.zip")).questions] == [["党建"], ["安全"]]


def test_a_group_that_draws_from_a_bank_is_told_and_one_whose_bank_is_missing_by_name() -> None:
    whole = packed({"b1.xml.qti": bank_file("党建"), "quiz.xml": drawing("b1")})
    assert [note.code for note in read(Source(whole, "course.zip")).notes] == ["test_lost"]
    alone = read(Source(drawing("b1"), "quiz.xml"))
    assert [(note.code, note.params) for note in alone.notes] == [("bank_elsewhere", {"group": "第一组"})]


def about(name: str, stimulus: str) -> str:
    said = f"<fieldlabel>parent_stimulus_item_ident</fieldlabel><fieldentry>{stimulus}</fieldentry>"
    asked = f"<presentation>{text(name)}{choice('一', '二')}</presentation>"
    field = f"<qtimetadatafield>{said}</qtimetadatafield>" if stimulus else ""
    return f'<item ident="{name}">{field}{asked}<resprocessing>{RIGHT}</resprocessing></item>'


def test_a_stimulus_of_canvas_is_a_passage_with_the_items_that_name_it() -> None:
    material = f'<item ident="s" instructions="先读"><presentation>{text("材料")}</presentation></item>'
    items = material + about("q1", "s") + about("q2", "s") + about("q3", "")
    whole = (
        f'<questestinterop><assessment title="T"><section>{items}</section></assessment></questestinterop>'
    )
    found = read(Source(whole.encode(), "x.xml"))
    passage, alone = found.questions
    assert (passage["id"], passage["type"], passage["prompt"]) == ("s", "passage", "材料")
    assert [part["id"] for part in passage["questions"]] == ["q1", "q2"]
    assert (alone["id"], alone["type"]) == ("q3", "single")
    assert [(note.code, note.params) for note in found.notes] == [("key_lost", {"key": "instructions"})]


def test_an_item_of_a_stimulus_that_cannot_be_read_leaves_the_others() -> None:
    material = f'<item ident="s"><presentation>{text("材料")}</presentation></item>'
    drawn = about("q2", "s").replace("response_lid", "response_xy")
    for items, parts in ((about("q1", "s") + drawn + about("q3", "s"), [["q1", "q3"]]), (drawn, [])):
        found = read(Source(f"<questestinterop>{material}{items}</questestinterop>".encode(), "x.xml"))
        assert [[part["id"] for part in one["questions"]] for one in found.questions] == parts
        told = [(one.place.name, one.code) for one in found.skipped]
        assert told == [("q2", "type_not_read")] + ([] if parts else [("s", "description")])


def test_an_item_whose_stimulus_is_elsewhere_says_so() -> None:
    found = read(Source(f"<questestinterop>{about('q1', 's')}</questestinterop>".encode(), "x.xml"))
    assert [question["id"] for question in found.questions] == ["q1"]
    assert [(note.code, note.params) for note in found.notes] == [("key_lost", {"key": "stimulus"})]


def category(name: str, title: str, *texts: str) -> str:
    labels = "".join(f'<response_label ident="{one}">{text(one)}</response_label>' for one in texts)
    render = f"<render_choice>{labels}</render_choice>"
    return f'<response_lid ident="{name}" rcardinality="Multiple">{text(title)}{render}</response_lid>'


def test_things_sorted_into_categories_are_pairs() -> None:
    def belong(name: str, *values: str) -> str:
        return gives("50", "".join(f'<varequal respident="{name}">{value}</varequal>' for value in values))

    kind = "<fieldlabel>question_type</fieldlabel><fieldentry>categorization_question</fieldentry>"
    things = ("猫", "鱼", "狗", "石")
    found = read(
        Source(
            item(
                text("分类") + category("a", "走兽", *things) + category("b", "水族", *things),
                belong("a", "猫", "狗") + belong("b", "鱼"),
                f"<qtimetadatafield>{kind}</qtimetadatafield>",
            ).encode(),
            "x.xml",
        )
    )
    (question,) = found.questions
    assert (question["type"], question["pairs"]) == ("match", {"猫": "走兽", "狗": "走兽", "鱼": "水族"})
    assert [note.code for note in found.notes] == ["left_alone"]


def test_an_order_keeps_its_points_and_says_that_labels_and_feedback_stay_behind() -> None:
    labels = choice("一", "二", cardinality="Ordered")
    ends = f"<render_extension>{text('最早')}</render_extension></response_lid>"
    told = '<displayfeedback linkrefid="f"/></respcondition>'
    rule = gives("5", equal("o2") + equal("o1")).replace("</respcondition>", told)
    document = item(text("排") + labels.replace("</response_lid>", ends), rule)
    document = document.replace("</item>", f'<itemfeedback ident="f">{text("好")}</itemfeedback></item>')
    found = read(Source(document.encode(), "x.xml"))
    assert (found.questions[0]["items"], found.questions[0]["points"]) == (["二", "一"], "5")
    assert {(note.code, note.params["key"]) for note in found.notes} == {
        ("key_lost", "itemfeedback"),
        ("key_lost", "label"),
    }


def test_html_that_is_text_in_part_and_elements_in_part_is_read_as_one() -> None:
    shown = "&lt;p&gt;用<code>a&lt;b</code>，再<br/>看&lt;/p&gt;"
    asked = f'<material><mattext texttype="text/html">{shown}</mattext></material>{choice("一", "二")}'
    assert only(item(asked, RIGHT))["prompt"] == "用`a<b`，再\n看"


def test_a_package_that_is_not_compressed_is_what_its_files_are() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("g1/assessment_meta.xml", '<quiz identifier="g1"><title>T</title></quiz>')
        archive.writestr("g1/g1.xml", EXPORT)
    assert detect(Source(held.getvalue(), "quiz.zip")).name == "qti12"


def test_a_question_of_a_group_counts_what_the_group_says() -> None:
    draw = "<selection_extension><points_per_item>5</points_per_item></selection_extension>"
    ordering = f"<selection_ordering><selection>{draw}</selection></selection_ordering>"
    section = f"<section>{ordering}{about('q1', '')}</section>"
    whole = f"<questestinterop><assessment>{section}</assessment></questestinterop>"
    assert read(Source(whole.encode(), "x.xml")).questions[0]["points"] == "5"


def test_an_upload_is_a_question_that_is_not_read_and_no_text() -> None:
    kind = "<fieldlabel>question_type</fieldlabel><fieldentry>file_upload_question</fieldentry>"
    document = item(text("交作业"), "", f"<qtimetadatafield>{kind}</qtimetadatafield>")
    found = read(Source(document.encode(), "x.xml"))
    assert [skipped.code for skipped in found.skipped] == ["type_not_read"]
