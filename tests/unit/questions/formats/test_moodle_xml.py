"""Moodle XML in the shape in which Moodle exports it, and ours in the shape in which Moodle reads it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats import FORMATS, conversion, detect, moodle_xml
from studyhub.questions.formats.exchange import Draft, Reading, Source
from studyhub.questions.formats.moodle_reading import read
from studyhub.questions.formats.moodle_texts import with_blank
from studyhub.questions.formats.moodle_xml import write
from tests.factories.items import PIXEL

EXPORT = Path("tests/data/moodle-quiz.xml").read_bytes()
HEAD = {"bank": "safety", "title": "网络安全 / 口令", "language": "zh"}


@pytest.fixture(scope="module")
def exported() -> Reading:
    return read(Source(EXPORT, "moodle-quiz.xml"))


def named(reading: Reading, name: str) -> dict[str, Any]:
    return next(question for question in reading.questions if question["id"] == name)


def one(question: str, kind: str = "multichoice") -> Reading:
    return read(Source(f'<quiz><question type="{kind}">{question}</question></quiz>'.encode(), "x.xml"))


def written(*questions: dict[str, Any], assets: dict[str, bytes] | None = None) -> ElementTree.Element:
    return ElementTree.fromstring(write(Draft(HEAD, questions, assets or {})).data)


def test_every_question_is_read_or_skipped_with_its_reason(exported: Reading) -> None:
    assert exported.read == 11
    assert [(one.place.name, one.code) for one in exported.skipped] == [
        ("说明", "description"),
        ("计算", "no_right_answer"),
    ]


def test_an_option_keeps_its_feedback_and_a_picture_its_bytes(exported: Reading) -> None:
    assert named(exported, "strong-password") == {
        "id": "strong-password",
        "type": "single",
        "prompt": "看图：下列哪一个口令**最安全**？\n\n![登录页](media/口令.png)",
        "options": {"A": "123456", "B": {"text": "四个不相关的词", "feedback": "对。"}},
        "answer": "B",
        "explanation": "长度决定强度：$n\\log_2 k$ 位。",
        "points": "2",
        "tags": ["口令", "入门"],
    }
    assert exported.assets == {"media/口令.png": PIXEL}


def test_weights_plain_text_and_hidden_questions_are_understood(exported: Reading) -> None:
    found = next(question for question in exported.questions if question["type"] == "multiple")
    assert found["answer"] == ["A", "B"]
    assert (found["marking"], found["shuffle"], found["retired"]) == ("net", False, True)
    assert found["prompt"] == "钓鱼邮件常有哪些特征？\n可多选。"
    assert found["options"]["A"] in ("催促 & 威胁", "催促 \\& 威胁")
    assert found["tags"] == ["口令"]


def test_short_answers_numbers_pairs_and_orders(exported: Reading) -> None:
    assert named(exported, "t1")["answer"] is False
    short = named(exported, "s1")
    assert short["prompt"] == "党的基层组织每月召开的会议叫 [[1]] 。"
    assert (short["answer"], short["case"]) == ([["支委会"]], "exact")
    number = named(exported, "n1")
    assert (number["answer"], number["tolerance"], number["unit"]) == ("3.14", "0.01", "cm")
    assert number["points"] == "0.33"
    pairs = named(exported, "m1")
    assert pairs["pairs"] == {"法国": "巴黎", "日本": "东京 *"}
    assert pairs["distractors"] == ["柏林"]
    assert named(exported, "o1")["items"] == ["提名", "讨论", "表决"]
    assert named(exported, "e1")["model_answer"] == "要点：联系实际。"


def test_what_did_not_come_along_is_told_of_its_question(exported: Reading) -> None:
    told = {(note.code, note.params.get("key"), note.places[0].name) for note in exported.notes}
    assert told == {
        ("key_lost", "penalty", "钓鱼邮件"),
        ("key_lost", "hint", "钓鱼邮件"),
        ("key_lost", "feedback", "T1"),
        ("wildcards_lost", None, "S1"),
        ("weights_lost", None, "S1"),
        ("key_lost", "units", "N1"),
        ("points_rounded", None, "N1"),
        ("marking_changed", None, "O1"),
    }


def test_a_moodle_export_becomes_a_bank_that_the_checker_accepts() -> None:
    source = Source(EXPORT, "moodle-quiz.xml")
    assert detect(source).name == "moodle-xml"
    done = conversion.convert(source, FORMATS["moodle-xml"], FORMATS["yaml"])
    assert done.written >= 7
    assert done.read == done.written + len(done.skipped)


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_an_export_in_another_encoding_is_the_same(encoding: str, exported: Reading) -> None:
    text = EXPORT.decode().replace('encoding="UTF-8"', f'encoding="{encoding}"')
    again = read(Source(text.encode(encoding), "x.xml"))
    assert again.questions == exported.questions


def test_a_category_with_an_id_number_is_the_bank_and_those_below_are_tags() -> None:
    text = write(Draft(HEAD, [])).data.decode()
    below = (
        '<question type="category"><category><text>$course$/top/网络安全 // 口令/第一章</text></category>'
        "</question>"
        '<question type="truefalse"><questiontext><text>甲</text></questiontext>'
        '<answer fraction="100"><text>true</text></answer></question></quiz>'
    )
    found = read(Source(text.replace("</quiz>", below).encode(), "x.xml"))
    assert found.head == HEAD
    assert found.questions[0]["tags"] == ["第一章"]


@pytest.mark.parametrize(
    ("question", "kind", "code"),
    [
        ('<answer fraction="50"><text>甲</text></answer>', "multichoice", "no_right_answer"),
        ("<answer><text>甲</text></answer>" * 2, "multichoice", "one_right_answer"),
        ('<answer fraction="many"><text>甲</text></answer>', "multichoice", "no_number"),
        ('<answer fraction="100"><text>al*</text></answer>', "shortanswer", "wildcards"),
        ('<answer fraction="0"><text>甲</text></answer>', "shortanswer", "no_right_answer"),
        ('<answer fraction="100"><text>约三</text></answer>', "numerical", "no_number"),
        ('<answer fraction="100"><text>maybe</text></answer>', "truefalse", "no_right_answer"),
        ("<subquestion><text>甲</text></subquestion>" * 2, "matching", "left_twice"),
        ('<questiontext><text>甲</text><file name="a.png">?</file></questiontext>', "essay", "bad_base64"),
        ("<answer><text>甲</text></answer>" * 27, "multichoice", "too_many_options"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_question_is_skipped_with_its_reason(question: str, kind: str, code: str) -> None:
    assert [skipped.code for skipped in one(question, kind).skipped] == [code]


def test_a_picture_within_the_text_becomes_a_file() -> None:
    address = f"data:image/png;base64,{base64.b64encode(PIXEL).decode()}"
    found = one(f"<questiontext><text>&lt;img src='{address}'&gt;</text></questiontext>", "essay")
    assert found.questions[0]["prompt"] == "![](media/embedded-1.png)"
    assert list(found.assets.values()) == [PIXEL]


def test_two_pictures_of_one_name_stay_two() -> None:
    def holder(name: str, data: bytes) -> str:
        encoded = base64.b64encode(data).decode()
        return (
            f'<{name}><text>&lt;img src="@@PLUGINFILE@@/a.png"&gt;</text>'
            f'<file name="a.png" path="/" encoding="base64">{encoded}</file></{name}>'
        )

    found = one(holder("questiontext", PIXEL) + holder("generalfeedback", PIXEL + b"2"), "essay")
    assert found.assets == {"media/a.png": PIXEL, "media/a-2.png": PIXEL + b"2"}
    assert found.questions[0]["explanation"] == "![](media/a-2.png)"


def test_a_file_of_another_kind_is_refused_with_its_line() -> None:
    with pytest.raises(Unreadable) as refused:
        read(Source(b"\n<html/>", "x.xml"))
    assert (refused.value.code, refused.value.params["line"]) == ("xml_root", 2)


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("北京是 \\_\\_\\_\\_ 的首都。", "北京是 [[1]] 的首都。"),
        ("A ___ B ______ C", "A ___ B [[1]] C"),
        ("首都在哪里？", "首都在哪里？ [[1]]"),
        ("看图。\n\n![](media/a.png)", "看图。\n\n![](media/a.png)\n\n[[1]]"),
    ],
)
def test_the_place_of_a_short_answer_is_its_line_or_the_end(prompt: str, shown: str) -> None:
    assert with_blank(prompt) == shown


def test_members_of_moodle_see_html_and_a_line_to_write_on() -> None:
    blank = {"id": "q", "type": "blank", "prompt": "**首都**是[[1]]，$a^2$。", "answer": [["北京*"]]}
    question = written(blank).findall("question")[1]
    assert question.get("type") == "shortanswer"
    text = question.find("questiontext")
    assert text is not None
    assert text.get("format") == "html"
    assert text.findtext("text") == "<p><strong>首都</strong>是_____，\\(a^2\\)。</p>"
    assert question.findtext("answer/text") == "北京\\*"


def test_elements_stand_in_the_order_of_moodles_own_export() -> None:
    single = {"id": "q", "type": "single", "prompt": "?", "options": {"A": "1", "B": "2"}, "answer": "B"}
    question = written(single | {"tags": ["甲"]}).findall("question")[1]
    assert [child.tag for child in question] == [
        "name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber", "single",
        "shuffleanswers", "answernumbering", "showstandardinstruction", "correctfeedback",
        "partiallycorrectfeedback", "incorrectfeedback", "answer", "answer", "tags",
    ]  # fmt: skip
    assert [answer.get("fraction") for answer in question.findall("answer")] == ["0", "100"]


def test_a_picture_lies_beside_the_text_that_shows_it() -> None:
    option = {"A": "![图](<图 片/一.png>)", "B": "乙"}
    question = {"id": "q", "type": "single", "prompt": "?", "options": option, "answer": "A"}
    root = written(question, assets={"图 片/一.png": PIXEL})
    file = root.find("question/answer/file")
    assert file is not None
    assert (file.get("name"), file.get("path"), file.get("encoding")) == ("一.png", "/图 片/", "base64")
    assert base64.b64decode(file.text or "") == PIXEL
    assert "@@PLUGINFILE@@/%E5%9B%BE%20%E7%89%87/%E4%B8%80.png" in (
        root.findtext("question/answer/text") or ""
    )


def test_what_moodle_would_show_differently_is_said() -> None:
    match = {"id": "q", "type": "match", "prompt": "?", "pairs": {"甲": "**一**", "乙": "二"}}
    blank = {"id": "b", "type": "blank", "prompt": "[[1]] [[2]]", "answer": [["1"], ["2"]]}
    swapped = blank | {"id": "s", "prompt": "[[2]] [[1]]"}
    done = write(Draft(HEAD | {"level": "public"}, [match | {"difficulty": "hard"}, blank, swapped]))
    assert {(note.code, note.params.get("key")) for note in done.notes} == {
        ("signs_shown", None),
        ("key_lost", "difficulty"),
        ("bank_key_lost", "level"),
        ("points_by_blanks", None),
    }
    assert [(skipped.place.name, skipped.code) for skipped in done.skipped] == [("s", "several_blanks")]


def test_several_blanks_are_gaps_of_a_cloze_and_come_back() -> None:
    question = {"id": "b", "type": "blank", "prompt": "**甲**[[1]]，乙[[2]]", "points": "4",
                "answer": [["5*5", "<二>"], ["a~b}", "\\*"]]}  # fmt: skip
    root = written(question)
    shown = root.findall("question")[1].findtext("questiontext/text") or ""
    assert shown.startswith(
        "<p><strong>甲</strong>{2:SHORTANSWER:=5\\*5~=&lt;二&gt;}，乙{2:SHORTANSWER:=a\\~b\\}"
    )
    assert read(Source(ElementTree.tostring(root), "x.xml")).questions == [question]


@pytest.mark.parametrize(
    ("gap", "accepted", "told"),
    [
        ("{1:SHORTANSWER:=北京~%100%北京市}", ["北京", "北京市"], set()),
        ("{:SA:北~=北京#好}", ["北京"], {"weights_lost", "key_lost"}),
        ("{1:MW:=北京~%50%京~=北*~*}", ["北京"], {"weights_lost", "wildcards_lost"}),
    ],
)
def test_a_gap_accepts_what_is_wholly_right(gap: str, accepted: list[str], told: set[str]) -> None:
    found = one(f"<questiontext format='html'><text>首都是{gap}。</text></questiontext>", "cloze")
    assert found.questions[0]["prompt"] == "首都是[[1]]。"
    assert found.questions[0]["answer"] == [accepted]
    assert {note.code for note in found.notes} == told


def test_a_mark_that_is_no_blank_is_shown_as_it_stands() -> None:
    question = {
        "id": "q",
        "type": "single",
        "prompt": "写作[[1]]",
        "options": {"A": "1", "B": "2"},
        "answer": "A",
    }
    root = written(question)
    assert "_" not in (root.findall("question")[1].findtext("questiontext/text") or "_")
    assert read(Source(ElementTree.tostring(root), "x.xml")).questions == [question]


def test_a_file_that_is_too_large_to_come_back_says_so_when_it_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    item = {"id": "q1", "type": "truefalse", "prompt": "甲", "answer": True}
    draft = Draft({"bank": "b", "title": "题", "language": "zh"}, [item])
    assert write(draft).notes == []
    monkeypatch.setattr(moodle_xml, "LARGEST", 100)
    assert [note.code for note in write(draft).notes] == ["larger_than_read"]


def test_an_answer_may_end_in_a_backslash() -> None:
    prompt = "路径写作[[1]]，余数写作[[2]]。"
    item = {"id": "q1", "type": "blank", "prompt": prompt, "answer": [["C:\\", "C:\\#"], ["0"]]}
    written = write(Draft({"bank": "b", "title": "题", "language": "zh"}, [item])).data
    assert read(Source(written, "x.xml")).questions[0]["answer"] == item["answer"]


def test_entities_without_tags_are_the_signs_that_browsers_show() -> None:
    asked = '<questiontext format="moodle_auto_format"><text>3 &amp;lt; 4 &amp;amp; 5</text></questiontext>'
    answers = (
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
    )
    assert one(asked + answers, "truefalse").questions[0]["prompt"] == "3 < 4 & 5"


def test_feedback_of_things_to_be_ordered_is_told() -> None:
    listed = "".join(
        f'<answer fraction="{n}"><text>{n}</text><feedback><text>好</text></feedback></answer>'
        for n in (1, 2)
    )
    asked = (
        "<questiontext format='html'><text>排</text></questiontext><gradingtype>ALL_OR_NOTHING</gradingtype>"
    )
    found = one(asked + listed, "ordering")
    assert [note.params for note in found.notes] == [{"key": "feedback"}]


@pytest.mark.parametrize(
    ("shares", "told"), [((100, 100), {"numbers_lost"}), ((100, 50), {"weights_lost"}), ((100,), set())]
)
def test_of_several_right_numbers_the_first_is_taken_and_that_is_told(
    shares: tuple[int, ...], told: set[str]
) -> None:
    listed = "".join(
        f'<answer fraction="{share}"><text>{n}</text></answer>' for n, share in enumerate(shares)
    )
    found = one(f"<questiontext format='html'><text>几</text></questiontext>{listed}", "numerical")
    assert (found.questions[0]["answer"], {note.code for note in found.notes}) == ("0", told)
