"""Word documents: automatic numbers, marked answers, tables, pictures and formulas; real files, made here."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Made
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from studyhub.questions.formats import FORMATS, wording
from studyhub.questions.formats.conversion import admit
from studyhub.questions.formats.docx import read
from studyhub.questions.formats.exchange import Reading, Source
from studyhub.questions.formats.word.numerals import written
from tests.factories import word
from tests.factories.items import PIXEL
from tests.factories.papers import paper
from tests.factories.word import Level
from tests.factories.word_papers import word_paper
from tests.unit.questions.formats.test_text import alike

PAPERS = range(40)
STEMS = (Level("chineseCounting", "%1、"), Level("decimal", "%2."), Level("upperLetter", "%3."))


def reading(document: Made) -> Reading:
    return read(Source(word.saved(document), "题库.docx"))


def only(document: Made) -> dict[str, Any]:
    found = reading(document)
    assert ([doubt.code for doubt in found.doubts], found.skipped) == ([], [])
    (question,) = found.questions
    return question


def test_95_of_100_well_formed_questions_need_no_touch_and_are_read_as_they_are() -> None:
    asked = untouched = 0
    for seed in PAPERS:
        data, made = word_paper(seed)
        found = read(Source(data, "题库.docx"))
        assert len(found.questions) == len(made.expected), f"paper {seed}"
        doubtful = {doubt.at for doubt in found.doubts}
        asked += len(made.expected)
        for at, (question, expected) in enumerate(zip(found.questions, made.expected, strict=True)):
            if at not in doubtful:
                assert alike(question) == alike(expected), f"paper {seed}"
                untouched += 1
    assert asked == 16 * len(PAPERS)
    assert untouched >= 0.95 * asked


@pytest.mark.parametrize("seed", range(12))
def test_a_typed_document_says_what_the_same_text_says(seed: int) -> None:
    made = paper(seed)
    found = read(Source(word.made(made.rows), "题库.docx"))
    assert [alike(question) for question in found.questions] == [alike(one) for one in made.expected]


def test_numbers_and_letters_that_only_word_shows_are_read() -> None:
    document = Document()
    word.define(document, 100, STEMS)
    rows = (("单选题", 0), ("首都是（B）", 1), ("上海", 2), ("北京", 2))
    for text, level in (*rows, ("判断题", 0), ("对。（√）", 1)):
        word.numbered(document, text, 100, level)
    first, second = reading(document).questions
    assert first["options"] == {"A": "上海", "B": "北京"}
    assert (first["answer"], second["type"]) == ("B", "truefalse")


def test_a_list_that_starts_anew_does_so_for_each_question() -> None:
    document = Document()
    word.define(document, 100, [Level("upperLetter", "%1.")])
    for at in (1, 2):
        word.use(document, 100 + at, 100, word.restart())
        document.add_paragraph(f"{at}. 选（A）")
        word.numbered(document, "甲", 100 + at)
        word.numbered(document, "乙", 100 + at)
    assert [list(question["options"]) for question in reading(document).questions] == [["A", "B"]] * 2


def test_a_level_can_be_defined_anew_and_a_number_come_from_the_style() -> None:
    document = Document()
    word.define(
        document,
        100,
        [Level("decimal", "%1.")],
        '<w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="第%1题"/></w:lvl></w:lvlOverride>',
    )
    style = document.styles.add_style("题目", 1)
    based = document.styles.add_style("小题", 1)
    based.base_style = style
    style.element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="100"/></w:numPr>')
    )
    document.add_paragraph("甲。（√）", style="小题")
    found = reading(document)
    assert found.doubts == []
    assert found.questions[0]["prompt"] == "甲。"
    assert "第3题" in read(Source(word.saved(_unanswered(document)), "a.docx")).doubts[0].source


def _unanswered(document: Made) -> Made:
    document.add_paragraph("选（ ）", style="小题")
    document.add_paragraph("A. 甲\nB. 乙")
    document.paragraphs[0]._p.getparent().remove(document.paragraphs[0]._p)
    return document


@pytest.mark.parametrize(
    ("form", "number", "shown"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("upperLetter", 28, "BB"),
        ("lowerRoman", 14, "xiv"),
        ("chineseCounting", 12, "十二"),
        ("chineseCountingThousand", 120, "一百二十"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("chineseLegalSimplified", 3, "叁"),
        ("ideographTraditional", 2, "乙"),
        ("decimalEnclosedCircleChinese", 10, "⑩"),
        ("decimalFullWidth", 15, "１５"),
        ("bullet", 1, ""),
    ],
)
def test_numbers_are_written_as_word_writes_them(form: str, number: int, shown: str) -> None:
    assert written(number, form) == shown


@pytest.mark.parametrize("mark", [word.red, word.highlighted])
def test_the_option_in_colour_is_right(mark: Any) -> None:
    document = Document()
    document.add_paragraph("1. 首都是哪里")
    document.add_paragraph("A. 上海")
    mark(document.add_paragraph("B. 北京"))
    assert only(document)["answer"] == "B"


def test_the_letter_alone_may_be_red() -> None:
    document = Document()
    document.add_paragraph("1. 哪个")
    for letter, text in (("A", "一"), ("B", "二"), ("C", "三")):
        paragraph = document.add_paragraph(letter)
        if letter == "C":
            word.red(paragraph)
        paragraph.add_run(f"、{text}")
    assert only(document)["answer"] == "C"


def test_the_underlined_option_is_taken_for_right_and_that_is_doubtful() -> None:
    document = Document()
    document.add_paragraph("1. 哪个")
    document.add_paragraph("A、一")
    document.add_paragraph().add_run("B、二").underline = True
    document.add_paragraph("C、三")
    found = reading(document)
    assert [question["answer"] for question in found.questions] == ["B"]
    assert [doubt.code for doubt in found.doubts] == ["answer_underlined"]


def test_the_option_in_bold_is_taken_for_right_and_that_is_doubtful() -> None:
    document = Document()
    document.add_paragraph("1. 首都是哪里")
    document.add_paragraph("A. 上海")
    word.bold(document.add_paragraph("B. 北京"))
    found = reading(document)
    assert found.questions[0]["answer"] == "B"
    assert [doubt.code for doubt in found.doubts] == ["answer_in_bold"]


def test_colour_against_a_named_answer_is_doubtful() -> None:
    document = Document()
    document.add_paragraph("1. 首都是哪里\nA. 上海")
    word.red(document.add_paragraph("B. 北京"))
    document.add_paragraph("答案：A")
    assert [doubt.code for doubt in reading(document).doubts] == ["answers_differ"]


def test_options_between_tabs_and_behind_soft_breaks_are_told_apart() -> None:
    document = Document()
    document.add_paragraph("1. 选（B）\nA. 甲\tB. 乙\nC. 丙\tD. 丁")
    assert only(document)["options"] == {"A": "甲", "B": "乙", "C": "丙", "D": "丁"}


def test_underlined_room_is_a_blank_and_underlined_words_are_its_answer() -> None:
    document = Document()
    document.add_paragraph("填空题")
    paragraph = document.add_paragraph("1. 首都是")
    paragraph.add_run("          ").underline = True
    document.add_paragraph("答案：北京")
    paragraph = document.add_paragraph("2. 首都是")
    paragraph.add_run("北京").underline = True
    found = reading(document)
    assert [question["prompt"] for question in found.questions] == ["首都是[[1]]"] * 2
    assert [question["answer"] for question in found.questions] == [[["北京"]]] * 2


def test_a_table_holds_answers_or_questions() -> None:
    document = Document()
    document.add_paragraph("1. 选（ ）\nA. 甲\nB. 乙\n参考答案")
    _table(document, ["题号", "1"], ["答案", "B"])
    assert only(document)["answer"] == "B"
    document = Document()
    _table(
        document,
        ["序号", "题型", "题干", "A", "B", "C", "答案", "解析"],
        ["1", "单选题", "首都是", "上海", "北京", "", "B", "常识"],
        ["2", "判断题", "地球是圆的", "", "", "", "对", ""],
    )
    first, second = reading(document).questions
    assert (first["options"], first["answer"]) == ({"A": "上海", "B": "北京"}, "B")
    assert (first["explanation"], second["answer"]) == ("常识", True)


def _table(document: Made, *rows: list[str]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def test_a_picture_comes_along_byte_for_byte() -> None:
    document = Document()
    document.add_paragraph("1. 图中是什么（A）").add_run().add_picture(io.BytesIO(PIXEL))
    document.add_paragraph("A. 点\nB. 线")
    admitted = admit(Source(word.saved(document), "看图.docx"), FORMATS["docx"])
    assert list(admitted.assets.values()) == [PIXEL]
    assert admitted.bank is not None
    (path,) = admitted.assets
    assert f"![]({path})" in admitted.bank.questions[0].prompt


def test_small_raised_digits_stay_raised() -> None:
    document = Document()
    paragraph = document.add_paragraph("1. 面积是5m")
    paragraph.add_run("2").font.superscript = True
    document.add_paragraph("A. 甲\nB. 乙\n答案：A")
    assert only(document)["prompt"] == "面积是5m²"


def test_a_text_box_and_a_footnote_are_named() -> None:
    document = Document()
    paragraph = document.add_paragraph("1. 选（A）")
    box = (
        f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r>"
    )
    paragraph._p.append(parse_xml(box))
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="1"/></w:r>'))
    document.add_paragraph("A. 甲\nB. 乙")
    found = reading(document)
    assert {note.code for note in found.notes} == {"text_box_left", "footnote_left"}
    assert [doubt.code for doubt in found.doubts] == ["text_box_beside"]


@pytest.mark.parametrize("line", ["strike", "double_strike"])
def test_words_that_are_struck_out_are_read_and_that_is_doubtful(line: str) -> None:
    """Whether they were taken back, or are what was asked about, nothing says."""
    document = Document()
    document.add_paragraph("1. 选（A）")
    document.add_paragraph("A. 甲")
    struck = document.add_paragraph("B. ")
    for text in ("错误", "选项"):
        setattr(struck.add_run(text).font, line, True)
    document.add_paragraph("C. 丙")
    found = reading(document)
    assert found.questions[0]["options"] == {"A": "甲", "B": "错误选项", "C": "丙"}
    assert [(doubt.code, doubt.params) for doubt in found.doubts] == [("struck_out", {"text": "错误选项"})]


def test_a_style_that_strikes_words_out_is_seen_and_can_be_switched_off() -> None:
    document = Document()
    document.styles["Strong"].font.strike = True
    document.add_paragraph("1. 选（A）")
    document.add_paragraph("A. 甲")
    document.add_paragraph("B. ").add_run("乙", "Strong")
    document.add_paragraph().add_run("C. 丙", "Strong").font.strike = False
    found = reading(document)
    assert [doubt.params for doubt in found.doubts] == [{"text": "乙"}]


def test_what_is_said_of_a_line_is_said_of_its_own_question() -> None:
    """A paper may be one paragraph with soft breaks."""
    document = Document()
    paragraph = document.add_paragraph("1. 甲（A）\nA. 一\nB. 二\n2. 乙（A）\nA. 三\nB. ")
    paragraph.add_run("四").font.strike = True
    found = reading(document)
    assert [(doubt.at, doubt.params) for doubt in found.doubts] == [(1, {"text": "四"})]


def test_hidden_words_and_comments_stay_out_and_are_named() -> None:
    document = Document()
    asked = document.add_paragraph("1. 选")
    document.add_paragraph("A. 甲\nB. 乙")
    for text in ("答案：", "A"):
        document.add_paragraph().add_run(text).font.hidden = True
    document.add_comment(asked.runs, text="答案：A", author="某人")
    found = reading(document)
    assert {note.code: note.params for note in found.notes} == {
        "hidden_left": {"count": 2, "text": "答案："},
        "comment_left": {"count": 1},
    }


def test_deleted_words_are_gone_and_inserted_ones_are_there() -> None:
    document = Document()
    paragraph = document.add_paragraph("1. 选")
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>旧</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>新</w:t></w:r></w:ins>"))
    document.add_paragraph("A. 甲\nB. 乙\n答案：A")
    assert only(document)["prompt"] == "选新"


def deleted_end(paragraph: Paragraph) -> None:
    """As Word marks the end of a paragraph that was deleted with changes tracked."""
    mark = OxmlElement("w:rPr")
    mark.append(OxmlElement("w:del"))
    paragraph._p.get_or_add_pPr().append(mark)


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    document = Document()
    deleted_end(document.add_paragraph("1. 中华人民共和国的首都"))
    for text in ("是哪里？（B）", "A. 上海", "B. 北京"):
        document.add_paragraph(text)
    deleted_end(document.add_paragraph("解析：常识"))
    assert only(document) == {
        "type": "single",
        "prompt": "中华人民共和国的首都是哪里？（　　）",
        "options": {"A": "上海", "B": "北京"},
        "answer": "B",
        "explanation": "常识",
    }


def test_a_numbered_paragraph_that_goes_on_is_numbered_once() -> None:
    document = Document()
    word.define(document, 100, (Level("decimal", "%1."),))
    deleted_end(word.numbered(document, "首都是", 100))
    word.numbered(document, "北京。（√）", 100)
    word.numbered(document, "上海是首都。（×）", 100)
    assert [one["prompt"] for one in reading(document).questions] == ["首都是北京。", "上海是首都。"]
    assert reading(document).doubts == []


def test_a_question_without_a_key_says_what_stood_in_its_place() -> None:
    document = Document()
    for text in ("1. 首都是哪里？", "A. 上海", "B. 北京", "答案：见教材"):
        document.add_paragraph(text)
    admitted = admit(Source(word.saved(document), "a.docx"), FORMATS["docx"])
    assert [(one.code, one.params) for one in admitted.skipped] == [("answer_unread", {"value": "见教材"})]
    assert "见教材" in wording.reason(admitted.skipped[0])
