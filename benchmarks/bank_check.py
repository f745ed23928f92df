"""`banks check` against the bare parse of the same file, and how both grow with its length.

The bare parse is PyYAML's CSafeLoader, in the same process and under the same conditions. The file uses
every question type, with texts, options, tags and sources as people write them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import yaml

from studyhub.kernel.garbage import uncollected
from studyhub.questions.bank_file import check

QUESTIONS = 10_000
ROUNDS = 3
TWO_CHARACTER_WORDS = (
    "网络安全保密口令文件邮件组织生活支部党员大会会议记录制度学习数据个人信息保护设备"
    "移动存储介质打印扫描备份更新漏洞补丁权限审批登记销毁传输加密验证账号登录退出检查"
)
WORDS = [TWO_CHARACTER_WORDS[at : at + 2] for at in range(0, len(TWO_CHARACTER_WORDS), 2)]


def run() -> dict[str, float]:
    """Processor seconds of the bare parse and of the check of 10,000 questions, their ratio, and the ratio of
    the check's seconds a question between 10,000 and 2,500 questions (1 is linear growth). The parse is also
    measured without the garbage collector, which the check does without: `check_to_quiet_parse`."""
    whole, part = bank_text(QUESTIONS).encode(), bank_text(QUESTIONS // 4).encode()
    parse = _best(lambda: yaml.load(whole, Loader=yaml.CSafeLoader))
    with uncollected():
        quiet = _best(lambda: yaml.load(whole, Loader=yaml.CSafeLoader))
    checked, checked_part = _best(lambda: check(whole)), _best(lambda: check(part))
    return {
        "questions": QUESTIONS,
        "parse_s": parse,
        "check_s": checked,
        "check_to_parse": checked / parse,
        "check_to_quiet_parse": checked / quiet,
        "growth": checked / checked_part / 4,
    }


def bank_text(questions: int) -> str:
    """A bank of that many questions, the same every time."""
    rng = random.Random(20261125)
    head = "bank: measured\ntitle: 测量用题库\nlanguage: zh\ndefaults: {points: 2, tags: [security]}\n"
    return head + "questions:\n" + "".join(_question(rng, number) for number in range(questions))


def _question(rng: random.Random, number: int) -> str:
    def words(count: int) -> str:
        return "".join(rng.choice(WORDS) for _ in range(count))

    options = "".join(f"      {letter}: {words(rng.randint(4, 8))}\n" for letter in "ABCD")
    own = (
        ("single", "", f"    options:\n{options}    answer: {rng.choice('ABCD')}\n"),
        ("multiple", "", f"    options:\n{options}    answer: [A, {rng.choice('BCD')}]\n"),
        ("truefalse", "", f"    answer: {rng.choice(['对', '错'])}\n"),
        ("blank", "[[1]]和[[2]]", f"    answer: [[{words(2)}], [{words(2)}, {words(2)}]]\n"),
        ("number", "", f"    answer: {rng.randint(1, 99)}.5\n    tolerance: 1%\n"),
    )
    kind, blanks, answer = own[number % len(own)]
    return (
        f"  - id: question-{number}\n    type: {kind}\n    prompt: {words(10)}{blanks}？\n{answer}"
        f"    explanation: {words(12)}。\n    tags: [{words(1)}]\n    difficulty: easy\n"
        f"    source: {{document: {words(4)}, article: 第二十一条}}\n"
    )


def _best(work: Callable[[], object]) -> float:
    """The shortest of a few rounds: what the work costs when nobody else disturbs."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)
