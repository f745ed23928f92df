"""Papers for Word: what an office expects of one, and that other programs open it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.oxml.ns import qn
from docx.shared import Cm, Twips
from PIL import Image

from studyhub.kernel.package import Package
from studyhub.questions.formats.docx import read, write
from studyhub.questions.formats.exchange import Draft, Reading, Source, Writing
from tests.factories.items import PIXEL

HEAD = {"bank": "b", "title": "网络安全测试题", "language": "zh"}
SINGLE: dict[str, Any] = {
    "id": "q",
    "type": "single",
    "prompt": "下列哪一个口令最“安全”？",
    "options": {"A": "123456", "B": "四个不相关的词"},
    "answer": "B",
    "explanation": "长度决定强度。",
}
VERDICT: dict[str, Any] = {"id": "v", "type": "truefalse", "prompt": "口令可以告诉别人。", "answer": False}


def made(*questions: dict[str, Any], **files: bytes) -> Writing:
    return write(Draft(HEAD, questions, files))


def opened(writing: Writing) -> Opened:
    return Document(io.BytesIO(writing.data))


def reading(writing: Writing) -> Reading:
    return read(Source(writing.data, "b.docx"))


def photograph(wide: int, high: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (wide, high)).save(out, "JPEG")
    return out.getvalue()


def test_a_paper_has_a_title_headings_stems_options_and_answers_each_in_its_style() -> None:
    document = opened(made(SINGLE, VERDICT))
    shown = [(one.style.style_id, one.text) for one in document.paragraphs if one.style and one.text]
    assert shown == [
        ("Title", "网络安全测试题"),
        ("Heading1", "一、单项选择题"),
        ("Stem", "1. 下列哪一个口令最“安全”？"),
        ("OptionsByTwo", "A. 123456\tB. 四个不相关的词"),
        ("Key", "答案：B"),
        ("Key", "解析：长度决定强度。"),
        ("Heading1", "二、判断题"),
        ("Stem", "1. 口令可以告诉别人。"),
        ("Key", "答案：×"),
    ]
    assert document.core_properties.title == "网络安全测试题"


def test_a_paper_is_a4_in_chinese_fonts_and_keeps_a_question_on_one_page() -> None:
    document = opened(made(SINGLE))
    (section,) = document.sections
    assert (section.page_width, section.page_height) == (Twips(11906), Twips(16838))
    fonts = {
        style.style_id: style.element.rPr.rFonts.get(qn("w:eastAsia"))
        for style in document.styles
        if style.element.rPr is not None and style.element.rPr.rFonts is not None
    }
    assert fonts == {"Title": "黑体", "Heading1": "黑体", "Key": "楷体"}
    usual = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
    assert usual is not None
    assert usual.get(qn("w:eastAsia")) == "宋体"
    style = document.styles["选项"]
    kept = [
        one.paragraph_format.keep_with_next for one in document.paragraphs if one.text[:2] in ("答案", "解析")
    ]
    assert (style.paragraph_format.keep_with_next, kept) == (True, [True, None])
    assert document.element.body.sectPr.find(qn("w:docGrid")).get(qn("w:type")) is None
    assert section.footer.paragraphs[0].text.split() == ["—", "—"]


def test_points_that_all_questions_of_a_heading_have_stand_in_it() -> None:
    two, three = SINGLE | {"points": "2"}, SINGLE | {"id": "r", "prompt": "另一个？", "points": "3"}
    same = made(two, three | {"points": "2"})
    assert opened(same).paragraphs[2].text == "一、单项选择题（每题2分）"
    assert not any(one.text.startswith("分值") for one in opened(same).paragraphs)
    assert [one["points"] for one in reading(same).questions] == ["2", "2"]
    different = made(two, three)
    assert opened(different).paragraphs[2].text == "一、单项选择题"
    assert [one["points"] for one in reading(different).questions] == ["2", "3"]


def test_the_same_bank_is_the_same_file() -> None:
    assert made(SINGLE, VERDICT).data == made(SINGLE, VERDICT).data


def test_a_picture_is_there_byte_for_byte_and_no_wider_than_the_page() -> None:
    wide = photograph(4000, 1000)
    writing = made(SINGLE | {"prompt": "看图：\n\n![机房](media/room.jpg)"}, **{"media/room.jpg": wide})
    assert Package(writing.data).read("word/media/room.jpg") == wide
    (shown,) = opened(writing).inline_shapes
    assert shown.width == Cm(15)
    assert shown.height / shown.width == pytest.approx(1 / 4, abs=0.001)
    found = reading(writing)
    assert (found.questions[0]["prompt"], found.assets) == (
        "看图：\n\n![机房](media/room.jpg)",
        {"media/room.jpg": wide},
    )


@pytest.mark.parametrize(("title", "shown"), [(' "题"', ' "题"'), ("", ""), (' ""', "")])
def test_what_a_picture_shows_and_its_title_come_back(title: str, shown: str) -> None:
    writing = made(SINGLE | {"prompt": f"看图：![图](media/a.png{title})"}, **{"media/a.png": PIXEL})
    assert "formatting_lost" not in [note.code for note in writing.notes]
    assert reading(writing).questions[0]["prompt"] == f"看图：![图](media/a.png{shown})"


def test_options_that_are_pictures_come_back_as_pictures() -> None:
    options = {"A": "![甲](media/a.png)", "B": "![乙](media/b.png)"}
    writing = made(
        SINGLE | {"options": options}, **{"media/a.png": PIXEL, "media/b.png": photograph(2, 2)[:-1]}
    )
    assert writing.skipped == []
    assert reading(writing).questions[0]["options"] == options


def test_names_that_no_package_holds_are_spelt_otherwise() -> None:
    """Not ASCII, or different in case alone."""
    files = {"图/机房.png": PIXEL, "a/One.png": PIXEL, "b/one.png": photograph(1, 1)}
    shown = " ".join(f"![]({path})" for path in files)
    writing = made(SINGLE | {"prompt": f"看图 {shown}"}, **files)
    found = reading(writing)
    assert list(found.assets.values()) == list(files.values())
    assert all(name.isascii() for name in found.assets)
    assert len({name.lower() for name in found.assets}) == 3
    assert "formatting_lost" not in [note.code for note in writing.notes]


def test_a_sound_has_no_place_on_paper_and_is_named() -> None:
    writing = made(SINGLE | {"prompt": "听一听：![录音](media/a.mp3)"}, **{"media/a.mp3": b"ID3"})
    assert [note.places[0].name for note in writing.notes if note.code == "images_lost"] == ["q"]
    assert reading(writing).questions[0]["prompt"] == "听一听：录音"


def test_a_sign_that_stands_for_pictures_among_us_is_never_taken_for_one() -> None:
    typed = "\U000f0000"
    shown = SINGLE | {"prompt": "看图：![图](media/a.png)"}
    writing = made(shown, VERDICT | {"tags": [typed]}, **{"media/a.png": PIXEL})
    lost = [(note.params["key"], note.places[0].name) for note in writing.notes if note.code == "key_lost"]
    assert lost == [("tags", "v")]
    assert len(opened(writing).inline_shapes) == 1


FORMULAS = (
    (r"\frac{a}{b}", r"\frac{a}{b}"),
    ("x^2", "x^{2}"),
    ("x_1^2", "x_{1}^{2}"),
    ("x", "x"),
    (r"\sum_{i=1}^{n} i^2", r"\sum_{i=1}^{n}{i^{2}}"),
    (r"\left(\frac{1}{2}\right)^n", r"{\left(\frac{1}{2}\right)}^{n}"),
    (r"\sqrt[3]{x}+\sqrt{2}", r"\sqrt[3]{x}+\sqrt{2}"),
    (r"\overline{AB}", r"\overline{AB}"),
    (r"\text{速度}=\frac{s}{t}", r"\text{速度}=\frac{s}{t}"),
    (r"a\le b", r"a\le b"),
    (r"\begin{matrix}1&2\\3&4\end{matrix}", r"\begin{matrix}1 & 2 \\ 3 & 4\end{matrix}"),
)


@pytest.mark.parametrize(("typed", "read_as"), FORMULAS)
def test_a_formula_is_one_of_words_and_comes_back_as_the_same(typed: str, read_as: str) -> None:
    writing = made(
        SINGLE | {"prompt": f"已知 ${typed}$，选哪项？", "options": {"A": f"${typed}$", "B": "$2$"}}
    )
    assert (writing.skipped, "formatting_lost" in [note.code for note in writing.notes]) == ([], False)
    main = Package(writing.data).read("word/document.xml") or b""
    assert main.count(b"<m:oMath>") == 3
    (question,) = reading(writing).questions
    assert (question["prompt"], question["options"]["A"]) == (f"已知 ${read_as}$，选哪项？", f"${read_as}$")
    assert made(question | {"id": "q"}).data == writing.data


@pytest.mark.parametrize("typed", [r"\dfrac{1}{2}x", r"\underline{a}+\unknown{b}"])
def test_a_formula_that_word_would_not_give_back_stands_as_it_is_typed(typed: str) -> None:
    writing = made(SINGLE | {"prompt": f"已知 ${typed}$，选哪项？"})
    assert opened(writing).paragraphs[4].text == f"1. 已知 ${typed}$，选哪项？"
    assert reading(writing).questions[0]["prompt"] == f"已知 ${typed}$，选哪项？"


def test_a_price_in_dollars_is_no_formula() -> None:
    writing = made(SINGLE | {"prompt": "从 $5 涨到 $6，涨了多少？"})
    assert b"oMath>" not in (Package(writing.data).read("word/document.xml") or b"")


def test_a_formula_on_lines_of_its_own_comes_back_on_lines_of_its_own() -> None:
    writing = made(
        SINGLE | {"prompt": "已知\n\n$$x^2$$\n\n选哪项？", "options": {"A": "甲\n$$y$$", "B": "$$z$$"}}
    )
    assert [note.places[0].name for note in writing.notes if note.code == "formatting_lost"] == ["q"]
    (question,) = reading(writing).questions
    assert question["prompt"] == "已知\n\n$$x^{2}$$\n\n选哪项？"
    assert question["options"] == {"A": "甲\n$$y$$", "B": "$z$"}
