"""A bank to which a test adds a mistake, and what the checker finds in it."""

from __future__ import annotations

from studyhub.kernel.faults import Fault
from studyhub.questions.bank import Bank
from studyhub.questions.bank_file import Checked, check

HEAD = "bank: b\ntitle: 标题\nlanguage: zh\nquestions:\n"


# The first question stands in lines 5 to 12; what a test adds begins in line 13.
GOOD = """\
  - id: good
    type: single
    prompt: 下列哪一个口令最安全？
    options:
      A: 自己的生日
      B: 长口令
    answer: B
    explanation: 长度决定强度。
"""


def checked(more: str = "", *, head: str = HEAD) -> Checked:
    return check((head + GOOD + more).encode())


def alone(items: str) -> Checked:
    return check((HEAD + items).encode())


def found(result: Checked) -> list[tuple[int, int, str]]:
    return [(f.line, f.column, f.code) for f in result.faults]


def fault(result: Checked, code: str) -> Fault:
    return next(f for f in result.faults if f.code == code)


def bank(text: str) -> Bank:
    result = check(text.encode())
    assert result.bank is not None, result.faults
    return result.bank
