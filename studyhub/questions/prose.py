"""Slips within texts that are legal, and that a member would read as they were typed."""

from __future__ import annotations

import re
from functools import lru_cache

from studyhub.media import maths
from studyhub.questions import expressions
from studyhub.questions.document import Scalar, nodes
from studyhub.questions.expressions import Problem
from studyhub.questions.fields import Fields, Report
from studyhub.questions.variables import BRACES, VARYING

SIGNS = re.compile(r"[<$\\]|\{\{")
"""Without any of these there is nothing to find."""

_LOOKED_AT = tuple(key for key in VARYING if key != "tolerance")
_CODE = re.compile(r"(?<!`)`{1,3}[^`]+`{1,3}")
_MATHS = re.compile(r"(?<![\\$])\$\$(?P<block>[^$]+)\$\$|(?<![\\\d$])\$(?!\s)(?P<line>[^$]*[^$\s\\])\$(?!\d)")
_TAG = re.compile(
    r"(?<!\\)</?(?:a|b|big|br|center|code|div|em|font|h[1-6]|hr|i|iframe|img|input|li|ol|p|pre|script|small|span"
    r"|strong|style|sub|sup|table|tbody|td|th|thead|tr|u|ul|video|audio)(?:\s[^<>]*)?/?>",
    re.I,
)
_OUTSIDE = re.compile(
    r"\\(?:d?frac|sqrt|times|div|cdot|leq?|geq?|neq|pm|pi|alpha|beta|theta|sum|int|lim|infty|overline|vec)(?![A-Za-z0-9])"
)
_ESCAPED = re.compile(r"\\[^A-Za-z]")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_DANGLING = re.compile(r"[\^_]\s*(?:[\^_}&]|$)|^\s*[\^_]")
_PAIRED = (("\\left", "\\right"), ("\\begin", "\\end"))


def check(fields: Fields, *, varied: bool) -> None:
    """Look at the texts of a question; `varied`: it has variables, whose braces are looked at elsewhere."""
    report = fields.report
    for key in _LOOKED_AT:
        whole = fields.found[key][1] if key in fields else None
        if key == "answer" and isinstance(whole, Scalar):  # a letter or a number, and refused as none
            continue
        for node in nodes(whole):
            if isinstance(node, Scalar) and SIGNS.search(node.value):
                _look_at(report, node, key, varied=varied)


def _look_at(report: Report, node: Scalar, key: str, *, varied: bool) -> None:
    text = _CODE.sub(" ", node.value)
    formulas = [found["block"] or found["line"] for found in _MATHS.finditer(text)] if "$" in text else []
    bare = _MATHS.sub(" ", text) if formulas else text
    if not varied and "{{" in text:
        _braces(report, node, bare)
    if key == "answer":  # compared with what members type, and not rendered
        return
    broken = next((one for one in formulas if _is_broken(BRACES.sub("{1}", one))), None)
    outside = None if broken else _OUTSIDE.search(bare)
    if broken is not None:
        report.warn("broken_maths", node, "maths_like", text=broken.strip()[:60])
    elif outside:
        report.warn("open_maths", node, "maths_like", text=outside[0])
    tag = _TAG.search(bare)
    if tag:
        report.warn("typed_html", node, "write_markdown", tag=tag[0][:60])


def _braces(report: Report, node: Scalar, bare: str) -> None:
    """`{{a*b}}` in a question without variables; in a formula double braces may be meant for LaTeX."""
    for source in BRACES.findall(bare):
        if _names(source.strip()):
            report.error("no_variables", node, "name_variables", expression=source.strip())
            return


@lru_cache(maxsize=1024)
def _names(source: str) -> bool:
    try:
        return bool(expressions.names(expressions.parse(source)))
    except Problem:
        return False


@lru_cache(maxsize=1024)
def _is_broken(latex: str) -> bool:
    """Whether a formula cannot be read. It is not tried out: that takes as long as some ten questions."""
    plain = _ESCAPED.sub(" ", latex)
    if len(latex) > maths.LONGEST or not _is_balanced(plain) or _DANGLING.search(plain):
        return True
    commands = _COMMAND.findall(plain)
    if any(commands.count(one) != commands.count(other) for one, other in _PAIRED):
        return True
    return not all(map(maths.knows, commands))


def _is_balanced(latex: str) -> bool:
    depth = 0
    for sign in latex:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0
