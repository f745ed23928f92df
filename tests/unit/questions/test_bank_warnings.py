"""What is right and yet not good: repeated prompts, a biased key, options that are equal, no explanation."""

from __future__ import annotations

import pytest

from studyhub.questions.bank_file import check, refuse_twins
from studyhub.questions.types import naming

from .bank_texts import GOOD, HEAD, alone, checked, fault, found


def test_a_bank_may_teach_what_the_words_mean() -> None:
    assert checked(GOOD.replace("good", "x").replace("下列", "秘密、机密、绝密中")).errors == 0
    assert (15, 13, "secret_mark") in found(checked(GOOD.replace("good", "x").replace("下列", "机密★10年")))


def test_one_bank_in_two_files_of_a_run_is_a_fault() -> None:
    first, second = refuse_twins([("a.yaml", checked()), ("b.yaml", checked())])
    assert first.faults == []
    assert found(second) == [(1, 7, "duplicate_bank")]
    assert second.bank is None


def test_a_prompt_that_repeats_another_is_warned_about() -> None:
    again = GOOD.replace("good", "again")
    assert fault(checked(again.replace("？", "?")), "same_prompt").params["id"] == "good"
    near = checked(again.replace("哪一个", "哪个"))
    assert fault(near, "near_duplicate").line == 15


def test_questions_with_other_numbers_are_other_questions() -> None:
    one = "  - id: {0}\n    type: number\n    prompt: 一间教室有 {1} 排座位，一共多少个？\n    answer: 1\n"
    result = checked(one.format("x", 12) + one.format("y", 13))
    assert "near_duplicate" not in [f.code for f in result.faults]


def test_english_prompts_are_compared_as_well() -> None:
    prompt = "A long password is safer than a short {1}."
    one = f"  - id: {{0}}\n    type: truefalse\n    prompt: {prompt}\n    answer: true\n"
    result = checked(one.format("x", "one") + one.format("y", "password"))
    assert fault(result, "near_duplicate").params["id"] == "x"


def test_an_answer_that_is_nearly_always_the_longest_or_in_one_place_is_warned_about() -> None:
    options = "{{A: 短, B: 长得多的选项, C: 中等}}"
    item = "  - id: q{0}\n    type: single\n    prompt: {1}\n    options: " + options + "\n    answer: B\n"
    words = ["甲乙丙丁戊己", "子丑寅卯辰巳", "春夏秋冬天地", "东西南北中间", "金木水火土石", "红橙黄绿青蓝"]
    result = check((HEAD + "".join(item.format(n, word) for n, word in enumerate(words))).encode())
    assert fault(result, "longest_is_right").params == {
        "hits": 6,
        "total": 6,
        "share": 100,
        "expected": 33,
        "p": "p = 0.0014",
    }
    assert fault(result, "position_bias").params["key"] == "B"
    assert fault(result, "position_bias").line == 4


def test_what_chance_explains_is_no_bias() -> None:
    """Four of five in one place of two: a coin does that often."""
    options = "{{A: 短些, B: 长些}}"
    item = f"  - id: q{{0}}\n    type: single\n    prompt: {{1}}\n    options: {options}\n    answer: {{2}}\n"
    words = ["甲乙丙丁戊己", "子丑寅卯辰巳", "春夏秋冬天地", "东西南北中间", "金木水火土石"]
    rows = zip(range(5), words, "BBBBA", strict=True)
    result = check((HEAD + "".join(item.format(*row) for row in rows)).encode())
    assert {f.code for f in result.faults} == {"no_explanation"}


def test_options_that_differ_in_their_last_sign_only_are_equal() -> None:
    result = alone(GOOD.replace("B: 长口令", "B: 自己的生日。"))
    assert fault(result, "equal_options").params == {"first": "A", "second": "B"}
    assert alone(GOOD.replace("自己的生日", "x+").replace("长口令", "x-")).faults == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A和B都对", True), ("A、C", True), ("仅 A、B 正确", True), ("AB两项都不正确", True),
        ("Both A and B.", True),
        ("A型和B型都能输血", False), ("维生素A和B", False), ("A", False), ("AA", False), ("A和Z", False),
    ],
)  # fmt: skip
def test_an_option_that_speaks_of_others_by_their_letters_is_known(text: str, names: bool) -> None:
    assert naming.whole(text, "ABCD") is names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("长度决定强度，故选B。", "故选B"), ("A项错误，因为它短。", "A项"), ("选项 C 不对", "选项 C"),
        ("答案：AD", "答案：AD"), ("Option B is longer.", "Option B"),
        ("应选APP里的功能", ""), ("故选Z", ""), ("维生素A很重要", ""), ("选举产生", ""), ("DNA项目", ""),
    ],
)  # fmt: skip
def test_an_explanation_that_calls_options_by_letters_is_known(text: str, words: str) -> None:
    assert naming.mention(text, "ABCD") == words


def test_letters_are_warned_about_where_options_are_shuffled_alone() -> None:
    item = GOOD.replace("good", "x").replace("长度决定强度。", "四个词更长，故选B。")
    assert "names_letters" not in [f.code for f in checked(item + "    shuffle: false\n").faults]
    warning = fault(checked(item), "names_letters")
    assert (warning.params["text"], warning.is_error) == ("故选B", False)


def test_a_missing_explanation_is_warned_about() -> None:
    result = check((HEAD + GOOD.replace("    explanation: 长度决定强度。\n", "")).encode())
    assert found(result) == [(5, 5, "no_explanation")]


def pointing(name: str, prompt: str, *options: str) -> str:
    listed = ", ".join(f"{letter}: {text}" for letter, text in zip("ABCD", options, strict=False))
    return (
        f"  - id: {name}\n    type: single\n    prompt: {prompt}\n    options: {{{listed}}}\n    answer: A\n"
        "    explanation: 因为。\n"
    )


RIVERS, LAKES = (
    ("长江最长", "黄河最长", "珠江最长", "淮河最长"),
    ("青海湖最大", "洞庭湖最大", "太湖最大", "巢湖最大"),
)


def test_the_same_words_about_other_options_are_another_question() -> None:
    prompt = "下列说法正确的是哪一项？"
    assert found(alone(pointing("a", prompt, *RIVERS) + pointing("b", prompt, *LAKES))) == []
    near = prompt.replace("说法", "各种说法")
    assert found(alone(pointing("a", prompt, *RIVERS) + pointing("b", near, *LAKES))) == []


@pytest.mark.parametrize(
    ("options", "is_told"),
    [
        (RIVERS[::-1], True),
        (("长江最长。", *RIVERS[1:]), True),
        ((*RIVERS[:2], *LAKES[:2]), True),
        ((*RIVERS[:1], *LAKES[:3]), False),
    ],
)
def test_the_same_words_about_half_of_the_options_are_the_same(
    options: tuple[str, ...], is_told: bool
) -> None:
    prompt = "下列说法正确的是哪一项？"
    others = pointing("b", prompt, *LAKES) + pointing("c", prompt, *options)
    said = [f.params for f in alone(pointing("a", prompt, *RIVERS) + others).faults if f.subject == "c"]
    assert [(one["id"], one["line"], one["percent"]) for one in said if one["id"] == "a"] == [
        ("a", 5, 100)
    ] * is_told


def test_words_that_say_everything_are_the_same_whatever_the_options() -> None:
    prompt = "我国最长的河流叫什么名字？"
    told = alone(pointing("a", prompt, *RIVERS) + pointing("b", prompt, *LAKES))
    assert found(told) == [(13, 13, "same_prompt")]


@pytest.mark.parametrize(
    ("options", "warned"),
    [
        ("{A: A, B: B, C: AB, D: O}", 0),
        ("{A: A型, B: B型, C: AB型, D: O型}", 0),
        ("{A: 甲, B: 乙, C: AB, D: 丙}", 1),
    ],
)
def test_a_blood_group_names_no_options(options: str, warned: int) -> None:
    item = GOOD.replace("    options:\n      A: 自己的生日\n      B: 长口令\n", f"    options: {options}\n")
    assert [f.code for f in alone(item).faults].count("names_letters") == warned
