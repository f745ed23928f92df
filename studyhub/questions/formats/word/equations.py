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
    "mo": {"accent", "fence", "form", "stretchy"},
    "mover": {"accent"},
    "mtd": {"columnalign"},
}
"""The attributes that are written, or say what is usual; whatever has others is not."""
_IMPLIED = {"mo": {"fence", "form"}, "math": {"display"}}
_USUAL = {("stretchy", "true"), ("columnalign", "center")}
_ROWS = frozenset({"math", "mrow", "msqrt", "mtd"})
_BRACKETS = frozenset("()[]{}|‖⌈⌉⌊⌋⟨⟩〈〉")
_BIG = "∑∏∫∬∮⋃⋂"
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
        parts = [inner for part in parts for inner in (part[3] if _only_groups(part) else (part,))]
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


def _all(parts: Sequence[Any]) -> str:
    """The parts of a formula one after the other. A sum holds what stands behind it."""
    made, at = "", 0
    while at < len(parts):
        limits = _limits(parts[at])
        if limits is None:
            made += _one(parts[at])
        else:
            at += 1
            made += _big(limits, parts[at] if at < len(parts) else None)
        at += 1
    return made


def _one(part: Any) -> str:
    if set(part.keys()) - _UNDERSTOOD.get(part.tag, set()):
        raise Unwritable
    if part.tag == "mo" and part.get("stretchy") != "false" and (part.text or "(") in _BRACKETS:
        raise Unwritable  # it grows, and has no counterpart
    if part.tag in _GROUPS:
        return _fenced(list(part)) or _all(list(part))
    if part.tag in _LEAVES:
        return _run(part.text or "", plain=part.tag == "mtext")
    make = _MAKERS.get(part.tag)
    if make is None:
        raise Unwritable
    return make(list(part))


def _run(text: str, *, plain: bool) -> str:
    upright = (tag("m:rPr", tag("m:nor")),) if plain else ()
    return tag("m:r", *upright, tag("m:t", escaped(text), xml__space="preserve"))


def _named(name: str, **parts: Any) -> str:
    return tag(f"m:{name}", *(tag(f"m:{part}", _one(inner)) for part, inner in parts.items()))


def _fenced(parts: Sequence[Any]) -> str:
    """What stands in brackets that grow with it; "" for anything else."""
    if len(parts) < 3 or any(
        one.get("stretchy") != "true" or one.tag != "mo" for one in (parts[0], parts[-1])
    ):
        return ""
    first, last = (one.text or "" for one in (parts[0], parts[-1]))
    signs = tag("m:dPr", tag("m:begChr", m__val=first), tag("m:endChr", m__val=last))
    return tag("m:d", signs, tag("m:e", _all(parts[1:-1])))


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


def _table(parts: Sequence[Any]) -> str:
    rows = (tag("m:mr", *(tag("m:e", _cell(cell)) for cell in row)) for row in parts)
    return tag("m:m", *rows)


def _cell(cell: Any) -> str:
    if cell.get("columnalign", "center") != "center":
        raise Unwritable
    return _all(list(cell))


def _limits(part: Any) -> tuple[str, Any, Any] | None:
    """Of a sum, an integral: its sign, from where and up to where."""
    inner = list(part)
    if part.tag not in ("msub", "munder", "msubsup", "munderover") or (inner[0].text or "-") not in _BIG:
        return None
    return inner[0].text, inner[1], inner[2] if len(inner) > 2 else None


def _big(limits: tuple[str, Any, Any], of: Any) -> str:
    sign, low, high = limits
    properties = [tag("m:chr", m__val=sign)]
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
    "mtable": _table,
}
