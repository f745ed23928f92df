"""Questions whose numbers differ from paper to paper: checked whole, shown and marked with those of one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyhub.kernel.faults import Fault
from studyhub.questions import proving, variants
from studyhub.questions.bank import Question
from studyhub.questions.bank_file import Checked, check
from studyhub.questions.formats.bank_yaml import dump
from studyhub.questions.presentation import shown
from studyhub.questions.rendering import render
from studyhub.questions.revisions import Revision
from studyhub.questions.variables import MARKER, values_of
from studyhub.questions.variants import as_drawn, as_written, values_in

HEAD = "bank: b\ntitle: 标题\nlanguage: zh\nquestions:\n  - id: q\n    explanation: 解析\n"
SEEDS = st.binary(min_size=1, max_size=64)
PRODUCT = """\
    type: number
    prompt: "每箱 {{n}} 件，{{m}} 箱共几件？**{{ n * m }}**，$x^{{n}}$，$\\\\frac{a}{b}$"
    variables: {n: {from: 2, to: 9}, m: {choose: [10, 20]}}
    answer: "{{n*m}}"
"""
CHOICE = """\
    type: single
    prompt: "{{a}} + {{b}} = ?"
    variables: {a: {from: 1, to: 9}, b: {from: 1, to: 9}}
    options: {A: "{{a+b}}", B: {text: "{{a+b+1}}", feedback: "多了 {{1*1}}"}, C: "{{a+b-1}} 或更少"}
    answer: A
"""


def checked(more: str, head: str = HEAD) -> Checked:
    return check((head + more).encode())


def question(more: str) -> Question:
    result = checked(more)
    assert result.bank is not None, result.faults
    return result.bank.questions[0]


def revision(more: str) -> Revision:
    made = question(more)
    return Revision(1, 1, "b", 1, made, render(made))


def laid_out(whole: Revision, seed: bytes, *, shuffled: bool = True) -> tuple[str, ...]:
    """What a paper of this seed writes down; what it shows of that is what it drew."""
    variant, values, order = variants.drawn(whole, seed, shuffled=shuffled)
    assert as_drawn(whole, values + order) == (variant, order)
    return values + order


def faults(more: str) -> list[Fault]:
    return checked(more).faults


def found(more: str) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.code) for fault in faults(more)]


def lay_out(whole: Revision, seed: bytes, *, shuffled: bool = True) -> tuple[str, ...]:
    """What a paper writes down of a question: its values and its order."""
    _, values, order = variants.drawn(whole, seed, shuffled=shuffled)
    return values + order


@given(SEEDS)
@settings(deadline=None)
def test_a_paper_shows_marks_and_explains_the_same_numbers(seed: bytes) -> None:
    whole = revision(PRODUCT)
    layout = laid_out(whole, seed)
    values = values_of(layout)
    drawn, order = as_drawn(whole, layout)
    result = values["n"] * values["m"]
    html = shown(drawn, order)["prompt_html"]
    assert f"每箱 {values['n']} 件，{values['m']} 箱" in html
    assert f"<strong>{result}</strong>" in html
    assert f"<mn>{values['n']}</mn>" in html
    kind, content = drawn.question.kind, drawn.question.content
    assert kind.mark(content, order, str(result)) == 1
    assert kind.mark(content, order, str(result + 1)) == 0
    assert kind.explain(content, order, None).key == str(result)
    assert not MARKER.search(str(drawn.html) + str(drawn.question.written))


@given(SEEDS)
@settings(deadline=None)
def test_the_right_option_stays_right_in_every_order_and_for_every_value(seed: bytes) -> None:
    drawn, order = as_drawn(whole := revision(CHOICE), laid_out(whole, seed))
    part = shown(drawn, order)
    key = drawn.question.kind.explain(drawn.question.content, order, None).key
    values = values_in(laid_out(whole, seed))
    right = next(option["html"] for option in part["options"] if option["key"] == key)
    assert right == str(int(values["a"]) + int(values["b"]))
    assert drawn.question.kind.mark(drawn.question.content, order, key) == Fraction(1)


def test_values_are_drawn_from_the_seed_alone_and_all_of_them_come_up() -> None:
    whole = revision(PRODUCT)
    papers = [laid_out(whole, bytes([seed])) for seed in range(200)]
    assert laid_out(whole, b"\x07") == papers[7]
    # Written down: whatever changes this changes what a seed draws.
    assert laid_out(whole, b"StudyHub") == laid_out(whole, b"StudyHub", shuffled=False) == PINNED
    assert {values_in(paper)["n"] for paper in papers} == {str(n) for n in range(2, 10)}
    assert {values_in(paper)["m"] for paper in papers} == {"10", "20"}


PINNED = ("n=5", "m=10")


def test_without_a_seed_each_variable_has_its_first_value() -> None:
    assert "每箱 2 件，10 箱" in as_written(revision(PRODUCT))[0].html["prompt"]


def test_a_question_without_variables_is_its_own_variant() -> None:
    plain = revision("    type: truefalse\n    prompt: 见 `{{a}}`\n    answer: true\n")
    assert as_drawn(plain, [])[0] is plain
    assert "{{a}}" in plain.html["prompt"]


@pytest.mark.parametrize("text", [PRODUCT, CHOICE])
def test_the_file_comes_back_as_it_was(text: str) -> None:
    bank = checked(text).bank
    assert bank is not None
    again = check(dump(bank).encode())
    assert again.faults == []
    assert again.bank is not None
    assert again.bank == bank
    assert dump(again.bank) == dump(bank)
    assert [each.digest for each in again.bank.questions] == [each.digest for each in bank.questions]
    stored = Question.stored(bank.questions[0].written)
    assert (stored, render(stored)) == (bank.questions[0], render(bank.questions[0]))


def test_a_changed_range_or_expression_changes_the_key_and_a_changed_prompt_does_not() -> None:
    key = question(PRODUCT).key_digest
    assert question(PRODUCT.replace("to: 9", "to: 8")).key_digest != key
    assert question(PRODUCT.replace('"{{n*m}}"', '"{{n*m*1}}"')).key_digest != key
    assert question(PRODUCT.replace("每箱", "每一箱 {{n+m}}")).key_digest == key


def variables(text: str, prompt: str = "{{a}}", answer: str = '"{{a}}"') -> str:
    return f'    type: number\n    prompt: "{prompt}"\n    variables: {text}\n    answer: {answer}\n'


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (variables("{a: {from: 1, to: 3}}", "{{a+c}}"), [(8, 13, "unknown_variable")]),
        (variables("{a: {from: 1, to: 3}, b: {choose: [1]}}"), [(9, 38, "unused_variable")]),
        (variables("{a: {from: 3, to: 1}}"), [(9, 20, "variable_range")]),
        (variables("{a: {from: 3}}"), [(9, 20, "missing_key")]),
        (variables("{a: {}}"), [(9, 20, "variable_domain")]),
        (variables("{a: {from: 1, to: 2, choose: [1]}}"), [(9, 20, "variable_domain")]),
        (variables("{a: {choose: [1, 红]}}"), [(9, 33, "not_a_number")]),
        (variables("{a: {choose: []}}"), [(9, 29, "choice_count")]),
        (variables("{a: {from: 1, to: 1e20}}"), [(9, 34, "variable_size")]),
        (variables("{max: {choose: [1]}}", "x", "1"), [(9, 17, "variable_name")]),
        (variables("[a]"), [(9, 16, "not_a_mapping")]),
        (variables("{}"), [(9, 16, "variable_count")]),
        (variables("{a: {from: 1, too: 3}}"), [(9, 30, "unknown_key")]),
        (variables("{a: {from: 0, to: 3}}", "{{6/a}}"), [(8, 13, "expression_zero_for")]),
        (variables("{a: {from: 1, to: 3}}", "{{1/a}}"), [(8, 13, "expression_endless_for")]),
        (variables("{a: {from: 1, to: 3}}", "{{2a}}"), [(8, 13, "expression_operator")]),
        (variables("{a: {from: 1, to: 3}}", "{{a×2}}"), [(8, 13, "expression_sign")]),
        (variables("{a: {from: 1, to: 3}}", "{{a"), [(8, 13, "open_braces")]),
        (variables("{a: {from: -5, to: 5000}}", "{{6/a}}"), [(8, 13, "expression_zero")]),
        (variables("{a: {from: 1, to: 5000}}", "{{6/a}}"), [(8, 13, "expression_endless")]),
        (variables("{a: {from: 1, to: 5000}}", "{{2**a}}"), [(8, 13, "expression_not_proved")]),
        (variables("{a: {from: 1, to: 90}}", "{{2**a}}"), [(8, 13, "expression_exponent_for")]),
        (variables("{a: {from: -1, to: 1}}", "{{a}}", '"-{{a}}"'), [(9, 5, "variant_number")]),
        (variables("{a: {from: 1, to: 5000}}", "{{a}}", '"{{a}}{{a}}"'), [(9, 5, "not_proved")]),
        (
            variables("{a: {choose: [1]}}", "{{a}}", "{{a}}"),
            [(10, 13, "must_quote"), (10, 13, "not_a_number")],
        ),
    ],
)
def test_a_mistake_is_reported_at_its_place(more: str, expected: Sequence[tuple[int, int, str]]) -> None:
    assert found(more) == expected


def test_the_nearest_name_is_suggested() -> None:
    [fault] = faults(variables("{price: {from: 1, to: 3}}", "{{prise*2}} {{price}}", "1"))
    assert (fault.hint, fault.params["meant"], fault.params["at"]) == ("did_you_mean", "price", 1)


SAME = """\
    type: single
    prompt: "{{a}} × 2 = ?"
    variables: {a: {from: %s, to: %s}}
    options: {A: "{{a*2}}", B: "{{a+2}}"}
    answer: A
"""


def test_options_that_are_ever_equal_are_a_fault_that_names_the_values() -> None:
    [fault] = faults(SAME % (1, 5))
    assert (fault.code, fault.params["values"], fault.params["text"]) == ("variant_same", "a = 2", "4")
    assert faults(SAME % (3, 9)) == []


def test_of_many_values_it_is_proved_that_the_options_differ() -> None:
    assert [fault.code for fault in faults(SAME % (1, 5000))] == ["not_proved"]
    assert faults(SAME % (3, 5000)) == []


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        ("{{a}}", "0", []),
        ("{{a}}", "-2.5", []),
        ("{{a}}", "17", ["not_proved"]),
        ("x{{a}}", "x5", ["not_proved"]),
        ("x{{a}}", "y5", []),
        ("{{a}} 件", "{{a+1}} 件", []),
        ("{{a}} 件", "{{6000-a}} 件", ["not_proved"]),
    ],
)
def test_of_many_values_a_number_is_told_from_a_text(first: str, second: str, codes: list[str]) -> None:
    more = (SAME % (1, 5000)).replace("{{a*2}}", first).replace("{{a+2}}", second)
    assert [fault.code for fault in faults(more) if fault.is_error] == codes


@pytest.mark.parametrize(
    ("own", "codes"),
    [
        ('type: match\n    pairs: {"{{a}}": 一, "{{a+1}}": 二}\n    distractors: ["{{a}} 三"]', []),
        ('type: match\n    pairs: {甲: "{{a}}", 乙: "{{3-a}}"}', []),
        ('type: match\n    pairs: {甲: "{{a}}", 乙: "{{2*a-1}}"}', ["variant_same"]),
        ('type: match\n    pairs: {甲: "5", 乙: "6"}\n    distractors: ["{{a+4}}"]', ["variant_same"]),
        ('type: order\n    items: ["{{a}}", "{{a*10}}", "{{a*100}}"]', []),
        ('type: order\n    items: ["{{a}}", "{{a**2}}"]', ["variant_same"]),
        ('type: blank\n    answer: [["{{a*2}}", "{{a}}+{{a}}"]]', []),
        ('type: multiple\n    options: {A: "{{a}}", B: "{{a*2}}", C: 无}\n    answer: AB', []),
        ('type: number\n    answer: "{{a}}.5"\n    tolerance: "{{a-1}}%"', []),
        ('type: number\n    answer: "{{a}}"\n    tolerance: "{{a-2}}"', ["variant_number"]),
    ],
)
def test_every_type_takes_expressions(own: str, codes: list[str]) -> None:
    more = f'    prompt: "{{{{a}}}} [[1]]"\n    variables: {{a: {{choose: [1, 2]}}}}\n    {own}\n'
    assert [fault.code for fault in faults(more)] == codes


def test_what_a_type_says_of_a_text_names_it_as_it_was_written() -> None:
    more = CHOICE.replace("answer: A", 'answer: "{{a}}"')
    [fault] = [fault for fault in faults(more) if fault.code == "not_an_option"]
    assert fault.params["key"] == "{{a}}"


def test_a_file_of_endless_combinations_is_refused_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving.Budget.__init__, "__defaults__", (5000,))
    items = "".join(
        CHOICE.replace("    type", f"  - id: q{n}\n    explanation: 解析\n    type", 1) for n in range(40)
    )
    result = check(("bank: b\ntitle: 标题\nlanguage: zh\nquestions:\n" + items).encode())
    codes = [fault.code for fault in result.faults if fault.is_error]
    assert set(codes) == {"too_many_variants"}
    assert 0 < len(codes) < 40


def test_variables_can_be_a_default_of_which_each_question_has_what_it_uses() -> None:
    default = "defaults: {variables: {a: {choose: [1, 2]}, b: {from: 3, to: 4}}}\nquestions:"
    other = "  - {id: plain, type: truefalse, prompt: 对吗？, answer: true, explanation: 解析}\n"
    own = "    type: number\n    prompt: '{{b}} 加一？'\n    answer: '{{b+1}}'\n"
    result = checked(own + other, HEAD.replace("questions:", default))
    assert (result.bank is not None, result.faults) == (True, [])
    assert result.bank is not None
    first, plain = result.bank.questions
    assert first.variables is not None
    assert list(first.variables.domains) == ["b"]
    assert plain.variables is None


def test_what_is_computed_and_lacks_its_braces_is_told_how_to_write_it() -> None:
    [number] = faults(variables("{a: {from: 1, to: 3}}", "{{a}}", "a*2"))
    assert (number.code, number.hint, number.params["value"]) == ("not_a_number", "in_braces", "a*2")
    [word] = faults(variables("{a: {from: 1, to: 3}}", "{{a}}", "两倍"))
    assert word.hint == ""
    [option] = faults(CHOICE.replace('"{{a+b-1}} 或更少"', "a+b-1"))
    assert (option.code, option.is_error, option.hint) == ("bare_expression", False, "in_braces")
    assert faults(CHOICE.replace('"{{a+b-1}} 或更少"', "a")) == []  # a word like any other


def test_a_step_that_is_left_empty_is_one() -> None:
    domain = "{a: {from: 1, to: 3, step: }}"
    item = f"    type: number\n    prompt: '{{{{a}}}}'\n    variables: {domain}\n    answer: '{{{{a}}}}'\n"
    assert question(item).variables == question(item.replace(", step: ", "")).variables
