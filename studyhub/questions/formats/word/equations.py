"""LaTeX → Word's formulas (OMML), where they come back as the same formula: else there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from studyhub.kernel.errors import Unreadable
from studyhub.media import maths
from studyhub.questions.formats import xml_source
from studyhub.questions.formats.word import formula
from studyhub.questions.formats.word.formula import Unwritable
from studyhub.questions.formats.xml_writing import escaped, tag

_GROUPS = frozenset({"math", "mrow"})
_LEAVES = frozenset({"mi", "mn", "mo", "mtext"})
_UNDERSTOOD = {
    "math": {"display"},
    "mi": {"mathvariant"},
    "mo": {"accent", "fence", "form", "stretchy"},
    "mover": {"accent"},
    "mspace": {"width"},
    "mtd": {"columnalign"},
}
"""The attributes that are written, or say what is usual; whatever has others is not."""
_IMPLIED = {"mo": {"fence", "form"}, "math": {"display"}}
_USUAL = {("stretchy", "true"), ("columnalign", "center")}
_ROWS = frozenset({"math", "mrow", "msqrt", "mtd"})
_BRACKETS = frozenset("()[]{}|‖⌈⌉⌊⌋⟨⟩〈〉")
_BIG = "∑∏∫∬∮⋃⋂"
_INTEGRALS = "∫∬∮"
"""Their limits stand beside them."""
_SPACES = {
    "0.167em": "\u2009", "0.222em": "\u2005", "0.278em": "\u2004", "1em": "\u2003", "2em": "\u2003\u2003",
}  # fmt: skip
_LIMITED = frozenset({"lim", "max", "min"})
"""What has something below it, as a sum has."""
_ACCENTS = {
    "^": "\u0302", "¯": "\u0304", "―": "\u0305", "‾": "\u0305", "→": "\u20d7", "˙": "\u0307", "~": "\u0303",
    "¨": "\u0308",
}  # fmt: skip


Shape = tuple[Any, ...]


@lru_cache(maxsize=4096)
def omml(latex: str) -> tuple[str, str] | None:
    """The formula for Word, and the LaTeX that comes back of it; None for one that would not come back."""
    tree = maths.tree(latex, "inline")
    made = _written(tree)
    again = None if made is None else _read(made)
    if tree is None or made is None or not again:
        return None
    tree_again = maths.tree(again, "inline")
    same = tree_again is not None and _written(tree_again) == made and _shape(tree_again) == _shape(tree)
    return (made, again) if same else None


def stays_typed(latex: str) -> bool:
    """Whether it is a formula, but none for Word."""
    return omml(latex) is None and maths.tree(latex, "inline") is not None


def _written(tree: Any) -> str | None:
    try:
        return None if tree is None else tag("m:oMath", _all(list(tree)))
    except (Unwritable, IndexError):  # a sign that stands above nothing has fewer parts than it needs
        return None


def _read(made: str) -> str | None:
    try:
        return formula.latex(xml_source.parse(made.replace("<m:oMath>", '<m:oMath xmlns:m="m">', 1).encode()))
    except (Unreadable, Unwritable):
        return None


def _shape(element: Any) -> Shape:
    """What a formula shows, however it is spelt: its MathML without what is usual or only groups."""
    said = frozenset(
        pair
        for pair in element.items()
        if pair[0] not in _IMPLIED.get(element.tag, ()) and pair not in _USUAL
    )
    parts = [_shape(part) for part in element]
    if element.tag in _ROWS:
        parts = _held([inner for part in parts for inner in (part[3] if _only_groups(part) else (part,))])
        if element.tag == "mrow" and not said and len(parts) == 1:
            return parts[0]
    name = "mi" if element.text == "…" else element.tag  # a sign by one command, a letter by another
    return (name, said, element.text or "", tuple(parts))


def _only_groups(shape: Shape) -> bool:
    """Of a row within a row: brackets grow with what stands in theirs."""
    name, said, _, parts = shape
    return bool(name == "mrow" and not said and not (parts and _grows(parts[0])))


def _grows(shape: Shape) -> bool:
    name, said, text, _ = shape
    return name == "mo" and (not text or text in _BRACKETS) and ("stretchy", "false") not in said


def _held(parts: list[Shape]) -> list[Shape]:
    """A matrix with its brackets as one part, as it is where the brackets are said to grow."""
    held: list[Shape] = []
    for part in parts:
        held.append(part)
        if [name for name, *_ in held[-3:]] == ["mo", "mtable", "mo"] and _grows(held[-3]) and _grows(part):
            held[-3:] = [("mrow", frozenset(), "", tuple(held[-3:]))]
    return held


def _all(parts: Sequence[Any]) -> str:
    """The parts of a formula one after the other. A sum holds what stands behind it."""
    made, at = "", 0
    while at < len(parts):
        following = parts[at + 1] if at + 1 < len(parts) else None
        if (limits := _limits(parts[at])) is not None:
            made, at = made + _big(limits, following), at + 2
        elif _is_limited(parts[at]):
            made, at = made + _limited(parts[at], following), at + 2
        elif held := _in_brackets(parts[at : at + 3]):
            made, at = made + held, at + 3
        else:
            made, at = made + _one(parts[at]), at + 1
    return made


def _one(part: Any) -> str:
    if set(part.keys()) - _UNDERSTOOD.get(part.tag, set()):
        raise Unwritable
    if part.tag == "mo" and part.get("stretchy") != "false" and (part.text or "(") in _BRACKETS:
        raise Unwritable  # it grows, and has no counterpart
    if part.tag in _GROUPS:
        return _fenced(list(part)) or _all(list(part))
    if part.tag in _LEAVES:
        return _leaf(part)
    if part.tag == "mspace":
        return _space(part)
    make = _MAKERS.get(part.tag)
    if make is None:
        raise Unwritable
    return make(list(part))


def _leaf(part: Any) -> str:
    text, variant = part.text or "", part.get("mathvariant")
    if variant not in (None, "normal"):
        raise Unwritable
    if part.tag == "mtext":
        return _run(text, tag("m:nor"))
    is_upright = variant is not None or text in formula.FUNCTIONS
    return _run(text, tag("m:sty", m__val="p")) if is_upright else _run(text)


def _space(part: Any) -> str:
    if part.get("width") not in _SPACES:
        raise Unwritable
    return _run(_SPACES[part.get("width")])


def _run(text: str, *properties: str) -> str:
    style = (tag("m:rPr", *properties),) if properties else ()
    return tag("m:r", *style, tag("m:t", escaped(text), xml__space="preserve"))


def _named(name: str, *properties: str, **parts: Any) -> str:
    return tag(f"m:{name}", *properties, *(tag(f"m:{part}", _one(inner)) for part, inner in parts.items()))


def _fenced(parts: Sequence[Any]) -> str:
    """What stands in brackets that grow with it; "" for anything else."""
    if len(parts) == 2 and _is_big_bracket(parts[0]) and parts[1].tag == "mtable":
        return _delimited(parts[0].text or "", _table(list(parts[1]), "left"), "")
    if len(parts) < 3 or not (_is_big_bracket(parts[0]) and _is_big_bracket(parts[-1])):
        return ""
    return _delimited(parts[0].text or "", _all(parts[1:-1]), parts[-1].text or "")


def _is_big_bracket(part: Any) -> bool:
    return bool(part.tag == "mo" and part.get("stretchy") == "true")


def _in_brackets(parts: Sequence[Any]) -> str:
    """A matrix or a binomial in its brackets; "" for anything else."""
    if len(parts) < 3 or any(one.tag != "mo" or one.text not in _BRACKETS for one in (parts[0], parts[2])):
        return ""
    inner, signs = parts[1], (parts[0].text, parts[2].text)
    if inner.tag == "mtable":
        return _delimited(signs[0], _table(list(inner)), signs[1])
    if inner.tag == "mfrac" and inner.get("linethickness") == "0" and signs == ("(", ")"):
        return _delimited(
            "(", _named("f", tag("m:fPr", tag("m:type", m__val="noBar")), num=inner[0], den=inner[1]), ")"
        )
    return ""


def _delimited(first: str, inner: str, last: str) -> str:
    signs = tag("m:dPr", tag("m:begChr", m__val=first), tag("m:endChr", m__val=last))
    return tag("m:d", signs, tag("m:e", inner))


def _fraction(parts: Sequence[Any]) -> str:
    return _named("f", num=parts[0], den=parts[1])


def _root(parts: Sequence[Any]) -> str:
    hidden = tag("m:radPr", tag("m:degHide", m__val="1"))
    return tag("m:rad", hidden, tag("m:deg"), tag("m:e", _all(parts)))


def _nth_root(parts: Sequence[Any]) -> str:
    return _named("rad", deg=parts[1], e=parts[0])


def _lowered(parts: Sequence[Any]) -> str:
    return _named("sSub", e=parts[0], sub=parts[1])


def _raised(parts: Sequence[Any]) -> str:
    return _named("sSup", e=parts[0], sup=parts[1])


def _both(parts: Sequence[Any]) -> str:
    return _named("sSubSup", e=parts[0], sub=parts[1], sup=parts[2])


def _above(parts: Sequence[Any]) -> str:
    """A sign over letters: a hat, a line, an arrow."""
    sign = _ACCENTS.get((parts[1].text or "") if parts[1].tag == "mo" else "")
    if sign is None:
        raise Unwritable
    return tag("m:acc", tag("m:accPr", tag("m:chr", m__val=sign)), tag("m:e", _one(parts[0])))


def _below(parts: Sequence[Any]) -> str:
    """A line below letters."""
    if parts[1].tag != "mo" or parts[1].text != "―":
        raise Unwritable
    return tag("m:bar", tag("m:barPr", tag("m:pos", m__val="bot")), tag("m:e", _one(parts[0])))


def _table(parts: Sequence[Any], aligned: str = "center") -> str:
    rows = [tag("m:mr", *(tag("m:e", _cell(cell, aligned)) for cell in row)) for row in parts]
    column = tag("m:mcPr", tag("m:count", m__val=str(len(parts[0]))), tag("m:mcJc", m__val=aligned))
    properties = () if aligned == "center" else (tag("m:mPr", tag("m:mcs", tag("m:mc", column))),)
    return tag("m:m", *properties, *rows)


def _cell(cell: Any, aligned: str) -> str:
    if cell.get("columnalign", "center") != aligned:
        raise Unwritable
    return _all(list(cell))


def _is_limited(part: Any) -> bool:
    return bool(part.tag in ("msub", "munder") and part[0].text in _LIMITED)


def _limited(part: Any, of: Any) -> str:
    """`lim` with what is below it, and of what it is the limit."""
    name = tag("m:limLow", tag("m:e", _one(part[0])), tag("m:lim", _one(part[1])))
    return tag("m:func", tag("m:fName", name), tag("m:e", *((_one(of),) if of is not None else ())))


def _limits(part: Any) -> tuple[str, Any, Any] | None:
    """Of a sum, an integral: its sign, from where and up to where."""
    inner = list(part)
    if part.tag not in ("msub", "munder", "msubsup", "munderover") or (inner[0].text or "-") not in _BIG:
        return None
    return inner[0].text, inner[1], inner[2] if len(inner) > 2 else None


def _big(limits: tuple[str, Any, Any], of: Any) -> str:
    sign, low, high = limits
    properties = [tag("m:chr", m__val=sign)]
    properties += [tag("m:limLoc", m__val="subSup")] if sign in _INTEGRALS else []
    properties += [] if high is not None else [tag("m:supHide", m__val="1")]
    return tag(
        "m:nary",
        tag("m:naryPr", *properties),
        tag("m:sub", _one(low)),
        tag("m:sup", *((_one(high),) if high is not None else ())),
        tag("m:e", *((_one(of),) if of is not None else ())),
    )


_MAKERS: dict[str, Callable[[Sequence[Any]], str]] = {
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": _nth_root,
    "msub": _lowered,
    "msup": _raised,
    "msubsup": _both,
    "mover": _above,
    "munder": _below,
    "mtable": _table,
}
