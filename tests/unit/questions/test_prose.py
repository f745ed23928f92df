"""What a member would read as it was typed: broken formulas, HTML, expressions without variables."""

from __future__ import annotations

import pytest

from studyhub.questions.bank_file import check
from tests.pace import Stopwatch

from .bank_texts import GOOD, HEAD, alone, found


def said(prompt: str, more: str = "") -> list[tuple[int, int, str]]:
    item = GOOD.replace("下列哪一个口令最安全？", f"'{prompt}'") + more
    return found(alone(item))


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{1",
        r"x^{2",
        "a}",
        r"\foo{2}",
        "x^",
        "^2",
        r"\left( x",
        r"\begin{matrix} a",
        r"\sqrt{\frac{1}{2}",
    ],
)
def test_a_formula_that_cannot_be_read_is_warned_about(formula: str) -> None:
    assert said(f"计算 ${formula}$ 的值") == [(7, 13, "broken_maths")]


@pytest.mark.parametrize(
    "text",
    [
        r"$\frac{1}{2}$ 与 $x^2$、$x_1$", r"$\left( x \right)$", r"$a \le b$，$3 \times 4$",
        r"$\sqrt[3]{x}$", r"$\{a\}$", r"$\text{元}$", r"$\sin x + \pi$", r"$\overline{AB}$", "$$x^2$$",
        r"$\begin{matrix} a & b \end{matrix}$", "花了 $5 和 $6", r"价格是 \$5 到 \$6",
        r"`$\frac{1$` 是错的写法", r"路径 C:\Users\leq1", "若 a < b 且 c > d", "x<y>z",
        "类型 `List<String>`", "网站 <https://example.org>", "`<b>` 的作用", r"\<b> 的作用",
    ],
)  # fmt: skip
def test_what_reads_well_is_not_warned_about(text: str) -> None:
    assert said(text) == []


def test_a_formula_without_its_signs_is_warned_about() -> None:
    assert said(r"计算 \frac{1}{2} 的值") == [(7, 13, "open_maths")]
    assert said(r"计算 $\frac{1}{2} 的值") == [(7, 13, "open_maths")]


@pytest.mark.parametrize(
    "tag", ["<b>粗</b>", "甲<br>乙", '<font color="red">红</font>', "<script>x</script>", "H<sub>2</sub>O"]
)
def test_html_is_warned_about(tag: str) -> None:
    assert said(tag) == [(7, 13, "typed_html")]
    assert found(alone(GOOD.replace("长口令", tag))) == [(10, 10, "typed_html")]


def test_an_expression_without_variables_is_a_fault() -> None:
    assert said("计算 {{a*b}} 的值") == [(7, 13, "no_variables")]
    assert said("计算 {{ a }} 的值", "    variables: {a: {from: 1, to: 9}}\n") == []
    assert said("在 Vue 中 `{{ name }}` 的作用") == []
    assert said(r"计算 $\frac{{a}}{b}$") == []
    assert said("计算 {{ 甲 | 大写 }}") == []


def test_an_answer_with_an_expression_and_without_variables_is_a_fault() -> None:
    item = "  - id: num\n    type: {0}\n    prompt: 多少{1}？\n    answer: {2}\n    explanation: 无。\n"
    number, blank = item.format("number", "", '"{{a}}"'), item.format("blank", "[[1]]", '[["{{a}}"]]')
    assert found(alone(number)) == [(8, 13, "not_a_number")]
    assert [fault.hint for fault in alone(number).faults] == ["name_variables"]
    assert found(alone(blank)) == [(8, 15, "no_variables")]


def test_a_default_explanation_is_looked_at_once() -> None:
    head = HEAD.replace("questions:", "defaults: {explanation: <b>见上</b>}\nquestions:")
    item = GOOD.replace("    explanation: 长度决定强度。\n", "")
    other = item.replace("good", "other").replace("下列哪一个口令最安全", "哪种做法妥当")
    assert found(check((head + item + other).encode())) == [(4, 25, "typed_html")]


SIGNS = ["`", "` ", "`a``", "$a ", "<a ", r"\x", "^ ", "{{", "{", "$^ "]


@pytest.mark.parametrize("sign", SIGNS)
def test_texts_full_of_signs_cost_no_time(sign: str) -> None:
    text = sign * (19_000 // len(sign))
    item = f"  - id: q{{0}}\n    type: truefalse\n    prompt: '{text}'\n    answer: true\n"
    data = (HEAD + "".join(item.replace("{0}", str(n)) for n in range(20))).encode()
    with Stopwatch() as spent:
        check(data)
    assert spent.seconds < 3
