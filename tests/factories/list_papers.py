"""Questions made of lists (连线题, 排序题) in many Chinese layouts, from a seed, with what they say."""

from __future__ import annotations

from random import Random
from typing import Any

LEFT = ("支委会", "党小组会", "党课", "支部党员大会", "主题党日")
RIGHT = ("每月一次", "每月一至两次", "每季度一次", "定期开展", "每月相对固定一天", "一年两次")
STEPS = ("提出申请", "确定积极分子", "列为发展对象", "接收预备党员", "按期转正", "归档")
CIRCLES = "①②③④⑤⑥"
LETTERS = "ABCDEF"
Made = tuple[list[str], dict[str, Any]]


def listed(seed: int) -> tuple[str, list[dict[str, Any]]]:
    """A paper with two questions of each kind, and what must be read of them."""
    random = Random(seed)
    rows, expected = [], []
    for heading, make in (("一、连线题", _joined), ("二、排序题", _ordered)):
        rows.append(heading)
        for number in (1, 2):
            lines, item = make(random)
            rows += [f"{number}. {lines[0]}", *lines[1:]]
            expected.append(item)
    return "\n".join(rows) + "\n", expected


def _joined(random: Random) -> Made:
    count = random.randint(2, 4)
    left, right = random.sample(LEFT, count), random.sample(RIGHT, count + random.randint(0, 1))
    mates = random.sample(range(len(right)), count)
    signs = random.choice((("{}.", "{}."), ("({})", "({})"), ("{}、", "{}、")))
    rows = [f"{signs[0].format(at)} {text}" for at, text in enumerate(left, 1)]
    other = [f"{signs[1].format(LETTERS[at])} {text}" for at, text in enumerate(right)]
    between = random.choice(("-", "—", ""))
    answer = random.choice(("，", "；", " ")).join(
        f"{at}{between}{LETTERS[mate]}" for at, mate in enumerate(mates, 1)
    )
    pairs = {text: right[mate] for text, mate in zip(left, mates, strict=True)}
    rest = [text for at, text in enumerate(right) if at not in mates]
    item: dict[str, Any] = {"type": "match", "prompt": "将会议与要求连线。", "pairs": pairs}
    return ["将会议与要求连线。", *rows, *other, f"答案：{answer}"], item | (
        {"distractors": rest} if rest else {}
    )


def _ordered(random: Random) -> Made:
    shown = random.sample(STEPS, random.randint(3, 5))
    signs = random.choice((CIRCLES, LETTERS))
    order = random.sample(range(len(shown)), len(shown))
    mark = "{}" if signs is CIRCLES else random.choice(("{}. ", "{}、"))
    rows = [mark.format(signs[at]) + text for at, text in enumerate(shown)]
    if random.random() < 0.3:
        rows = [random.choice(("  ", "；")).join(rows)]
    between = random.choice(("", "→", "，"))
    answer = between.join(signs[at] for at in order)
    prompt = "发展党员的正确顺序是什么？"
    return [prompt, *rows, f"答案：{answer}"], {
        "type": "order",
        "prompt": prompt,
        "items": [shown[at] for at in order],
    }
