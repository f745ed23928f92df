"""What the checker's constants mean, at their edges: one more or one less, and it says something else."""

from __future__ import annotations

import pytest

from studyhub.kernel.faults import Fault, Severity
from studyhub.questions import advice, expressions, question_warnings, similarity
from studyhub.questions.bank_file import check
from studyhub.questions.expressions import Problem, evaluate, parse

from .bank_texts import HEAD, alone

WORDS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


def singles(answers: str, *, longest: bool = False) -> set[str]:
    """The codes said of a bank of single choices with these answers, of which A may be the longest."""
    texts = (
        ("最长的一个选项", "短的项", "中等项", "另一项")
        if longest
        else ("选项一", "选项二", "选项三", "选项四")
    )
    options = ", ".join(f"{letter}: {text}" for letter, text in zip("ABCD", texts, strict=True))
    item = "  - {{id: q{0}, type: single, prompt: {1}, options: {{{2}}}, answer: {3}, explanation: 无}}\n"
    rows = [item.format(n, WORDS[n % 20] * 3 + str(n), options, letter) for n, letter in enumerate(answers)]
    return {fault.code for fault in check((HEAD + "".join(rows)).encode()).faults}


@pytest.mark.parametrize(
    ("right", "wrong", "told"), [(15, 5, True), (14, 6, False), (30, 10, True), (11, 4, False)]
)
def test_nearly_always_is_three_quarters(right: int, wrong: int, told: bool) -> None:
    answers = "A" * right + ("BC" * wrong)[:wrong]
    assert ("position_bias" in singles(answers)) is told
    assert ("longest_is_right" in singles(answers, longest=True)) is told


def test_what_chance_does_once_in_a_hundred_banks_is_no_bias() -> None:
    """Four of four by chance of a quarter is 1 in 256, and yet fewer than five say nothing."""
    assert "position_bias" not in singles("AAAA")
    assert "position_bias" in singles("AAAAA")
    assert advice.UNLIKELY == 0.01
    assert "position_bias" not in singles("AAAAAB" + "B")


def test_brackets_of_an_expression_are_nested_twenty_deep_and_no_deeper() -> None:
    deepest = expressions.DEEPEST
    assert deepest == 20
    inner = deepest - 1
    assert evaluate(parse("(" * inner + "1" + ")" * inner), {}) == 1
    with pytest.raises(Problem, match="expression_too_deep"):
        parse("(" * deepest + "1" + ")" * deepest)


def test_an_exponent_is_sixty_four_and_no_more() -> None:
    assert evaluate(parse("1 ** 64"), {}) == 1
    assert evaluate(parse("1 ** (0 - 64)"), {}) == 1
    for source in ("1 ** 65", "1 ** (0 - 65)"):
        with pytest.raises(Problem, match="expression_exponent"):
            evaluate(parse(source), {})


def test_an_expression_has_two_hundred_characters_and_no_more() -> None:
    assert evaluate(parse("1+1".ljust(200)), {}) == 2
    with pytest.raises(Problem, match="expression_too_long"):
        parse("1+1".ljust(201))


def test_lists_are_nested_twenty_deep_and_no_deeper() -> None:
    def deep(levels: int) -> list[str]:
        item = "  - id: q\n    type: truefalse\n    prompt: 对吗\n    answer: true\n    explanation: 无\n"
        return [f.code for f in alone(f"{item}    tags: {'[' * levels}{']' * levels}\n").faults]

    # The bank, its list of questions and the question are three.
    assert "too_deep" not in deep(17)
    assert "too_deep" in deep(18)


def test_prompts_are_compared_in_their_first_three_hundred_letters() -> None:
    beginning = "".join(chr(0x4E00 + n) for n in range(300))
    shared = beginning[:255]

    def alike(one: str, other: str) -> list[tuple[bool, int]]:
        return [(pair.equal, pair.percent) for pair in similarity.pairs([one, other])]

    tails = ["".join(chr(start + n) for n in range(600)) for start in (0x6000, 0x7000)]
    assert alike(beginning + tails[0], beginning + tails[1]) == [(False, 100)]
    assert alike(shared + tails[0], shared + tails[1]) == [(False, 85)]
    assert alike(shared[:-1] + tails[0], shared[:-1] + tails[1]) == []


def test_prompts_of_fewer_than_six_letters_are_alike_only_when_they_are_equal() -> None:
    assert similarity.pairs(["甲乙丙丁戊", "甲乙丙丁戊己"]) == []
    assert [pair.percent for pair in similarity.pairs(["甲乙丙丁戊己", "甲乙丙丁戊己庚"])] == [92]
    assert [pair.equal for pair in similarity.pairs(["甲乙", "甲乙？"])] == [True]


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("look_alike", False),
        ("comment_after_text", False),
        ("image_not_shown", False),
        ("no_explanation", False),
        ("equal_options", True),
        ("typed_html", True),
        ("image_elsewhere", True),
    ],
)
def test_what_is_said_of_the_file_alone_is_not_kept_with_the_question(code: str, kept: bool) -> None:
    faults = [
        Fault(code, 7, 13, {}, severity=Severity.WARNING, subject="p/q"),
        Fault(code, 8, 1, {}, severity=Severity.WARNING, subject="p"),
        Fault(code, 9, 1, {}, severity=Severity.WARNING),
        Fault("empty_option", 9, 1, {}, subject="x"),
    ]
    assert [(one.slug, one.code) for one in question_warnings.among(faults, "b")] == [("p", code)] * kept
