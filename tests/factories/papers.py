"""Well-formed questions in many Chinese layouts, from a seed: what is written, and what must be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

SUBJECTS = [
    "《网络安全法》",
    "党支部",
    "2023年的工作报告",
    "TCP/IP协议",
    "C语言",
    "我国宪法（2018年修正）",
    "A股市场",
    "口令管理",
    "组织生活制度",
    "3.14这个数",
    "民主评议",
    "“三会一课”",
    "个人信息保护",
    "第5代移动通信",
]
VERBS = [
    "属于",
    "体现了",
    "规定了",
    "要求做到",
    "的主要内容是",
    "的正确做法是",
    "的适用范围包括",
]
THINGS = [
    "支部党员大会",
    "定期更换口令",
    "每半年1次",
    "以事实为依据，以法律为准绳",
    "3至5人",
    "不少于30学时",
    "党小组会",
    "1.5倍",
    "HTTP/2",
    "专人保管",
    "B类地址",
    "说明：仅供参考的材料",
    "按期交纳党费",
    "e-mail",
    "民主集中制",
    "每周一、三、五",
    "90%以上",
    "加密存储",
    "及时报告（24小时内）",
    "-273.15℃",
    "同级纪委",
    "答案唯一的题目",
    "V2.0版本",
    "上级党组织",
    "①和②",
    "双人复核",
    "公安机关",
    "x>0",
    "C盘",
    "不予受理",
]
REASONS = (
    "\n1. 前者不符合规定。\n2. {t}符合规定。\n3. 其余不论。",
    "见第{n}条。",
    "根据规定，{t}是基本要求。",
    "{t}，其余各项与题意不符。",
    "选项内容以文件原文为准，A项不全面。",
)
EASE = {"easy": "易", "medium": "中等", "hard": "较难"}
LETTERS = "ABCDEFG"


@dataclass(frozen=True)
class Asked:
    """One question: `room` in a stem is where the answer may stand in brackets."""

    kind: str
    stem: str
    options: tuple[str, ...] = ()
    answer: Any = None
    explanation: str = ""
    difficulty: str = ""


@dataclass(frozen=True)
class Style:
    """How a paper is laid out.

    `answers`: label; bracket; before (the options); tick; section (a range after each); and at the end list,
    range, spoken (one a line), table.
    """

    number: str
    option: str
    letters: str
    per_line: int
    gap: str
    answers: str
    label: str
    explained: str
    heading: str
    restart: bool
    blank_lines: bool
    verdicts: tuple[str, str]
    blank: str
    wrapped: bool
    joint: str
    tagged: bool

    @property
    def at_end(self) -> bool:
        return self.answers in ("list", "range", "spoken", "table")


NUMBERS = (
    "{}. ",
    "{}、",
    "{}．",
    "（{}）",
    "({}) ",
    "第{}题 ",
    "第{}题：",
    "{}.",
    "{}）",
    "　　{}. ",
    "{} 、",
    "题{}：",
    "[{}]",
)
OPTIONS = ("{}. ", "{}、", "{}．", "（{}）", "({}) ", "{}：", "{}) ", "{}.", "[{}] ", "{} 、", "{}.")
LETTERINGS = ("ABCDEFG", "ABCDEFG", "ABCDEFG", "ＡＢＣＤＥＦＧ", "abcdefg")
LABELS = ("答案：{}", "【答案】{}", "参考答案：{}", "正确答案: {}", "答案:{}", "【参考答案】 {}")
EXPLAINED = ("解析：{}", "【解析】{}", "答案解析：{}")
KINDS = {"single": "单项选择题", "multiple": "多项选择题", "truefalse": "判断题", "blank": "填空题"}
HAN = "一二三四五六"
HEADINGS = (
    "{at}、{kind}",
    "{at}、{kind}（每题2分，共40分）",
    "第{at}部分 {kind}",
    "{kind}",
    "【{kind}】",
    "（{at}）{kind}(每小题2分)",
)


def style(random: Random) -> Style:
    return Style(
        number=random.choice(NUMBERS),
        option=random.choice(OPTIONS),
        letters=random.choice(LETTERINGS),
        per_line=random.choice((1, 1, 2, 4)),
        gap=random.choice(("  ", "    ", "\t", "　　", " ", "；")),
        answers=random.choice(
            ("label", "label", "bracket", "before", "tick", "list", "range", "spoken", "table", "section")
        ),
        label=random.choice(LABELS),
        explained=random.choice(EXPLAINED),
        heading=random.choice(HEADINGS),
        restart=random.choice((True, False)),
        blank_lines=random.choice((True, False)),
        verdicts=random.choice((("√", "×"), ("对", "错"), ("正确", "错误"))),
        blank=random.choice(("____", "________", "（　　）", "(    )")),
        wrapped=random.random() < 0.3,
        joint=random.choice(("", "", "、", ",", " ")),
        tagged=random.random() < 0.15,
    )


def asked(random: Random, kind: str, style: Style) -> Asked:
    stem = random.choice(SUBJECTS) + random.choice(VERBS)
    if random.random() < 0.2:
        stem = _enumerated(random, small=style.letters.isupper()) + stem
    about = random.choice(THINGS)
    more = {
        "explanation": random.choice(REASONS).format(n=random.randint(2, 90), t=about)
        if random.random() < 0.4
        else "",
        "difficulty": random.choice(sorted(EASE)) if random.random() < 0.2 else "",
    }
    if kind == "truefalse":
        return Asked(kind, f"{stem}{about}。", answer=random.random() < 0.5, **more)
    if kind == "blank":
        texts = random.sample(
            [thing for thing in THINGS if not set("、，,/；①") & set(thing)], random.randint(1, 3)
        )
        return Asked(kind, f"{stem}{'和'.join('{}' for _ in texts)}。", answer=texts, **more)
    options = tuple(random.sample(THINGS, random.randint(3, 5)))
    right = 1 if kind == "single" else random.randint(2, len(options))
    answer = "".join(sorted(random.sample(LETTERS[: len(options)], right)))
    return Asked(kind, f"下列关于{stem}的说法中，正确的是{{}}。", options, answer, **more)


def _enumerated(random: Random, *, small: bool) -> str:
    """Statements one below the other, as a stem may list them."""
    marks = random.choice(
        (("①", "②", "③"), ("Ⅰ.", "Ⅱ.", "Ⅲ."), ("—", "—", "—"), ("a、", "b、", "c、")[: 3 * small])
    )
    marks = marks or ("①", "②", "③")
    return "关于以下说法：\n" + "".join(
        f"{m}{t}\n" for m, t in zip(marks, random.sample(THINGS, 3), strict=True)
    )


@dataclass
class Paper:
    """`expected` is what must be read, in order; `rows` what a document shows, paragraph by paragraph."""

    style: Style
    rows: list[str] = field(default_factory=list)
    expected: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.rows) + "\n"


def paper(seed: int, each: int = 5) -> Paper:
    """A paper of four sections, `each` questions a section, in a layout of its own."""
    random = Random(seed)
    made = Paper(style(random))
    key: list[tuple[str, list[tuple[int, Asked]]]] = []
    number = 0
    for at, kind in enumerate(KINDS):
        if not made.style.tagged:
            made.rows.append(made.style.heading.format(at=HAN[at], kind=KINDS[kind]))
        number = 0 if made.style.restart and not made.style.tagged else number
        listed = []
        for _ in range(each):
            number += 1
            question = asked(random, kind, made.style)
            _write(made, number, question)
            listed.append((number, question))
        key.append((kind, listed))
        if made.style.answers == "section" and kind != "blank":
            made.rows.append(f"答案：{_range(made.style, kind, listed)}")
    if made.style.at_end:
        _write_key(made, key)
    return made


def shown(style: Style, question: Asked) -> str:
    """The answer as it is written in this style."""
    if question.kind == "truefalse":
        return style.verdicts[not question.answer]
    return "；".join(question.answer) if question.kind == "blank" else style.joint.join(question.answer)


def _write(made: Paper, number: int, question: Asked) -> None:
    style, answer = made.style, shown(made.style, question)
    in_bracket = style.answers == "bracket" and question.kind != "blank"
    room = f"（{answer}）" if in_bracket else "（　）"
    if question.kind == "blank":
        stem = question.stem.format(*[style.blank] * len(question.answer))
    elif question.kind == "truefalse":
        stem = question.stem + room
    else:
        stem = question.stem.format(room)
    if style.wrapped and question.kind != "truefalse":
        stem = stem.replace("，", "，\n", 1)
    tag = f"【{KINDS[question.kind][:3]}】" if style.tagged else ""
    made.rows += (style.number.format(number) + tag + stem).split("\n")
    ticked = style.answers == "tick" and bool(question.options)
    if style.answers == "before":
        made.rows.append(style.label.format(answer))
    _write_options(made, question)
    given = style.answers == "label" or (
        style.answers in ("bracket", "tick") and not in_bracket and not ticked
    )
    if given or (style.answers == "section" and question.kind == "blank"):
        made.rows.append(style.label.format(answer))
    if question.explanation:
        made.rows.append(style.explained.format(question.explanation))
    if question.difficulty:
        made.rows.append(f"难度：{EASE[question.difficulty]}")
    if style.blank_lines:
        made.rows.append("")
    made.expected.append(expected(question, style))


def _write_options(made: Paper, question: Asked) -> None:
    style = made.style
    ticks = [
        " (正确答案)" if question.options and style.answers == "tick" and x in question.answer else ""
        for x in LETTERS
    ]
    signed = [
        style.option.format(letter) + text + tick
        for letter, text, tick in zip(style.letters, question.options, ticks, strict=False)
    ]
    for at in range(0, len(signed), style.per_line):
        made.rows.append(style.gap.join(signed[at : at + style.per_line]))


def _write_key(made: Paper, key: list[tuple[str, list[tuple[int, Asked]]]]) -> None:
    style = made.style
    made.rows += ["", "参考答案"]
    for at, (kind, listed) in enumerate(key):
        made.rows.append(f"{HAN[at]}、{KINDS[kind]}")
        answers = [(number, _compact(style, question)) for number, question in listed]
        if style.answers == "spoken" or kind == "blank":
            made.rows += [f"{number}. {answer}" for number, answer in answers]
        elif style.answers == "range":
            made.rows.append(_range(style, kind, listed))
        elif style.answers == "table":
            made.rows.append("题号\t" + "\t".join(str(number) for number, _ in answers))
            made.rows.append("答案\t" + "\t".join(answer for _, answer in answers))
        else:
            made.rows.append("  ".join(f"{number}.{answer}" for number, answer in answers))


def _compact(style: Style, question: Asked) -> str:
    return question.answer if question.options else shown(style, question)


def _range(style: Style, kind: str, listed: list[tuple[int, Asked]]) -> str:
    joint = " " if kind == "multiple" or len(style.verdicts[0]) > 1 else ""
    answers = joint.join(_compact(style, question) for _, question in listed)
    return f"{listed[0][0]}-{listed[-1][0]} {answers}"


def expected(question: Asked, style: Style) -> dict[str, Any]:
    item: dict[str, Any] = {"type": question.kind}
    prompt = question.stem
    if question.kind == "blank":
        prompt = prompt.format(*(f"[[{n}]]" for n in range(1, len(question.answer) + 1)))
        item["answer"] = [[text] for text in question.answer]
    elif question.kind == "truefalse":
        item["answer"] = question.answer
    else:
        prompt = prompt.format("（）")
        item["options"] = dict(zip(LETTERS, question.options, strict=False))
        item["answer"] = question.answer if question.kind == "single" else list(question.answer)
    item["prompt"] = prompt
    item |= {key: one.strip() for key in ("explanation", "difficulty") if (one := getattr(question, key))}
    counted = "每" in style.heading and not style.tagged
    return item | ({"points": "2"} if counted else {})
