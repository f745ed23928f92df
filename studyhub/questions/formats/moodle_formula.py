"""Expressions ↔ the formulas of Moodle's calculated questions: `{a}*{b}`, `pow({a},2)`.

A formula is read into the same closed language that a bank file has. What it cannot say (`sqrt`, `sin`,
comparisons) is skipped by name.
"""

from __future__ import annotations

import re

from studyhub.questions.expressions import Problem, parse
from studyhub.questions.formats.exchange import skip
from studyhub.questions.formats.formulas import BINDS, WHOLE, ours, spelt

VARIABLE = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}")
_PI = "3.1415926536"


def formula(source: str) -> str:
    """An expression as Moodle writes it. Raises Skip for names that Moodle's variables cannot have."""
    return spelt(parse(source), _of_moodle, _moodle_name)


def expression(text: str) -> str:
    """A formula of Moodle as an expression. Raises Skip."""
    plain = VARIABLE.sub(r"\1", text.strip()).replace("pi()", _PI)
    try:
        return spelt(parse(_without_pow(plain)))
    except Problem:
        return skip("formula_not_read", formula=text.strip()[:80])


def _moodle_name(name: str) -> str:
    return f"{{{name}}}" if VARIABLE.fullmatch(f"{{{name}}}") else skip("variable_name", name=name)


def _of_moodle(sign: str, left: str, right: str) -> tuple[str, int]:
    """PHP takes `//` for a comment, and its `%` knows whole numbers only."""
    if sign == "**":
        return f"pow({left}, {right})", WHOLE
    if sign == "//":
        return f"floor({left}/{right})", WHOLE
    if sign == "%":
        return f"{left}-{right}*floor({left}/{right})", BINDS["-"]
    return ours(sign, left, right)


def _without_pow(text: str) -> str:
    """`pow(x, y)` as `((x)**(y))`; a text with brackets that do not close is left to the parser."""
    while (at := text.find("pow(")) >= 0:
        depth, comma = 0, -1
        for end in range(at + 3, len(text)):
            depth += (text[end] == "(") - (text[end] == ")")
            if text[end] == "," and depth == 1:
                comma = end
            if depth == 0:
                break
        if depth or comma < 0:
            return text
        text = f"{text[:at]}(({text[at + 4 : comma]})**({text[comma + 1 : end]})){text[end + 1 :]}"
    return text
