from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.media.markdown import Markdown
from tests.pace import Stopwatch

TEXT = Markdown()
BY_THE_BOOK = Markdown(plain=False)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("**加粗（括号）**后面", "<strong>加粗（括号）</strong>后面"),
        ("前面**“引号”**后面", "前面<strong>“引号”</strong>后面"),
        ("**甲。**乙**丙。**丁", "<strong>甲。</strong>乙<strong>丙。</strong>丁"),
        ("见*《网络安全法》*第二条", "见<em>《网络安全法》</em>第二条"),
        ("**bold** and *italic*", "<strong>bold</strong> and <em>italic</em>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_bold_and_italics_work_beside_chinese_and_western_text(source: str, shown: str) -> None:
    assert TEXT.line(source) == shown


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        r"$\href{javascript:alert(1)}{x}$",
        r"$\text{<script>alert(1)</script>}$",
        r"$\text{&lt;script&gt;}$",
        "![x](javascript:alert(1))",
        '[x](https://e.org "<script>")',
        "```<script>\nx\n```",
    ],
)
def test_nothing_that_runs_gets_through(hostile: str) -> None:
    rendered = TEXT.block(hostile, lambda name: name).lower()
    assert "<script" not in rendered
    assert 'href="javascript' not in rendered
    assert "<img src=x" not in rendered
    assert "onerror=" not in rendered.replace("onerror=&quot;", "").replace('onerror="alert(1)"&gt;', "")


def test_maths_is_drawn_and_readable_as_text() -> None:
    rendered = TEXT.line(r"求 $\frac{a+b}{2} \le \sqrt{x}$ 的值")
    assert "<math" in rendered
    assert "<mfrac>" in rendered
    assert '<span class="math-text">(a+b)/2≤√x</span>' in rendered


@pytest.mark.parametrize("latex", [r"\frac{a}{", r"\nosuchcommand x", "a_b_c", "{" * 500])
def test_maths_that_cannot_be_read_stays_as_typed(latex: str) -> None:
    assert f'<code class="math-source">{latex}</code>' in TEXT.line(f"${latex}$")


def test_a_single_letter_of_roman_type_stands_upright() -> None:
    assert '<mi mathvariant="normal">d</mi>' in TEXT.line(r"$\mathrm{d}x$")


def test_prices_are_not_maths() -> None:
    assert "<math" not in TEXT.line("从 $5 涨到 $6")


def test_an_image_is_served_under_its_own_address_or_described() -> None:
    assert 'src="/media/1"' in TEXT.line("![图一](a%20b.png)", {"a b.png": "/media/1"}.get)
    assert TEXT.line("![图一](other.png)", {"a.png": "/media/1"}.get) == "图一"


def test_code_is_highlighted_by_classes() -> None:
    assert '<span class="k">def</span>' in TEXT.block("```python\ndef f(): ...\n```")
    assert "<code" in TEXT.block("```nosuch\nx\n```")


def test_a_table_keeps_its_alignment_without_styles() -> None:
    rendered = TEXT.block("| 甲 | 乙 |\n|:-:|--:|\n| 1 | 2 |")
    assert '<td class="align-center">1</td>' in rendered
    assert "style=" not in rendered


def test_line_breaks_are_kept_where_asked_for() -> None:
    assert "<br>" in Markdown(breaks=True).block("甲\n乙")
    assert "<br>" not in TEXT.block("甲\n乙")


def test_a_text_of_one_paragraph_is_a_line() -> None:
    assert TEXT.line("甲") == "甲"
    assert TEXT.line("甲\n\n乙").startswith("<p>")


PLAIN = st.text(st.sampled_from("中文ab1 　，。（）():;\"'!?#+-=.|/%{}^@\u3000é"), min_size=1, max_size=12)


@given(PLAIN)
def test_the_short_cut_for_plain_text_renders_as_the_parser_does(text: str) -> None:
    assert TEXT.block(text) == BY_THE_BOOK.block(text)


@pytest.mark.parametrize(
    "hostile", ["*" * 20_000, "[" * 20_000, "$" * 20_000, "> " * 5_000, "`" * 20_000, "*a_" * 7_000]
)
def test_hostile_text_is_rendered_in_bounded_time(hostile: str) -> None:
    with Stopwatch() as spent:
        TEXT.block(hostile)
    assert spent.seconds < 5
