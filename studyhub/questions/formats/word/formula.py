"""Word's formulas (OMML) → LaTeX, for the constructs that questions use."""

from __future__ import annotations

from collections.abc import Callable

from studyhub.questions.formats.element import Element
from studyhub.questions.formats.word.properties import child, switched, value

_DEEPEST = 40
_SIGNS = {
    "×": r"\times ", "÷": r"\div ", "±": r"\pm ", "∓": r"\mp ", "≤": r"\le ", "≥": r"\ge ",
    "≠": r"\ne ", "≈": r"\approx ", "∞": r"\infty ", "π": r"\pi ", "α": r"\alpha ",
    "β": r"\beta ", "γ": r"\gamma ", "δ": r"\delta ", "Δ": r"\Delta ", "θ": r"\theta ",
    "λ": r"\lambda ", "μ": r"\mu ", "σ": r"\sigma ", "φ": r"\varphi ", "ω": r"\omega ",
    "Ω": r"\Omega ", "∑": r"\sum ", "∏": r"\prod ", "∫": r"\int ", "√": r"\surd ",
    "∈": r"\in ", "∉": r"\notin ", "⊂": r"\subset ", "⊆": r"\subseteq ", "∪": r"\cup ",
    "∩": r"\cap ", "∅": r"\emptyset ", "→": r"\to ", "⇒": r"\Rightarrow ",
    "⇔": r"\Leftrightarrow ", "∀": r"\forall ", "∃": r"\exists ", "·": r"\cdot ",
    "∠": r"\angle ", "⊥": r"\perp ", "∥": r"\parallel ",
    "△": r"\triangle ", "∴": r"\therefore ", "∵": r"\because ", "…": r"\dots ", "−": "-",
    "∘": r"\circ ", "⋯": r"\cdots ", "⋮": r"\vdots ", "≡": r"\equiv ", "∼": r"\sim ", "≅": r"\cong ",
    "∝": r"\propto ", "⊃": r"\supset ", "⊇": r"\supseteq ", "∧": r"\land ", "∨": r"\lor ",
    "←": r"\leftarrow ", "⇐": r"\Leftarrow ", "↔": r"\leftrightarrow ", "↦": r"\mapsto ",
    "∂": r"\partial ", "∇": r"\nabla ", "∣": r"\mid ", "∤": r"\nmid ", "⋆": r"\star ", "⊕": r"\oplus ",
    "⊗": r"\otimes ", "≪": r"\ll ", "≫": r"\gg ", "∁": r"\complement ",
    "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_", "$": r"\$",
    "\\": r"\backslash ", "\u2061": "", "\u200b": "",
}  # fmt: skip
FUNCTIONS = frozenset({
    "arccos", "arcsin", "arctan", "cos", "cot", "csc", "det", "exp", "inf", "lg", "lim", "ln",
    "log", "max", "min", "sec", "sin", "sup", "tan",
})  # fmt: skip
_ACCENTS = {
    "\u0302": "hat", "\u0304": "bar", "\u0305": "overline", "\u20d7": "vec", "\u0307": "dot",
    "\u0303": "tilde", "\u0308": "ddot", "→": "vec", "¯": "bar", "^": "hat",
}  # fmt: skip
_BIG = {
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∬": r"\iint", "∮": r"\oint",
    "⋃": r"\bigcup", "⋂": r"\bigcap",
}  # fmt: skip
_FENCES = {
    "(": "(", ")": ")", "[": "[", "]": "]", "{": r"\{", "}": r"\}", "|": "|", "‖": r"\|",
    "〈": r"\langle ", "〉": r"\rangle ", "⌈": r"\lceil ", "⌉": r"\rceil ", "⌊": r"\lfloor ",
    "⌋": r"\rfloor ", "": ".",
}  # fmt: skip
_SKIPPED = frozenset({
    "accPr", "argPr", "barPr", "bookmarkEnd", "bookmarkStart", "borderBoxPr", "boxPr", "ctrlPr",
    "dPr", "eqArrPr", "fPr", "funcPr", "groupChrPr", "limLowPr", "limUppPr", "mPr", "naryPr",
    "oMathParaPr", "proofErr", "rPr", "radPr", "sPrePr", "sSubPr", "sSubSupPr", "sSupPr",
})  # fmt: skip


_SPACES = {"\u2003\u2003": r"\qquad ", "\u2003": r"\quad ", "\u2004": r"\;", "\u2005": r"\:", "\u2009": r"\,"}
_BRACKETED = {("(", ")"): "p", ("[", "]"): "b", ("{", "}"): "B", ("|", "|"): "v", ("‖", "‖"): "V"}
"""Brackets around a matrix: what LaTeX calls it together with them."""


class Unwritable(Exception):
    """The formula holds what has no LaTeX here."""


def latex(maths: Element) -> str:
    """The LaTeX of an `m:oMath`. Raises Unwritable."""
    return _all(maths, 0).strip()


def _all(element: Element | None, depth: int) -> str:
    if element is None:
        return ""
    if depth > _DEEPEST:
        raise Unwritable
    return "".join(_one(part, depth + 1) for part in element.elements if part.tag not in _SKIPPED)


def _one(element: Element, depth: int) -> str:
    if element.tag == "r":
        return _run(element)
    if element.tag in ("oMath", "e", "box", "borderBox", "ins", "smartTag", "sdt", "sdtContent"):
        return _all(element, depth)
    make = _MAKERS.get(element.tag)
    if make is None:
        raise Unwritable
    return make(element, depth)


def _run(element: Element) -> str:
    text = "".join(part.text for part in element.all("t"))
    if any(part.tag not in ("t", "rPr") for part in element.elements):
        raise Unwritable
    if text in FUNCTIONS:
        return f"\\{text} "
    properties = element.first("rPr")
    if any("\u4e00" <= sign <= "\u9fff" for sign in text) or switched(properties, "nor"):
        return "\\ " if text == "\xa0" else f"\\text{{{text}}}"
    if value(child(properties, "sty")) == "p" and text.isascii() and text.isalpha():
        return f"\\mathrm{{{text}}}"
    return _signs(text)


def _signs(text: str) -> str:
    made = "".join(_SIGNS.get(sign, sign) for sign in text)
    for space, command in _SPACES.items():
        made = made.replace(space, command)
    return made


def _part(element: Element, tag: str, depth: int) -> str:
    return _all(element.first(tag), depth)


def _fraction(element: Element, depth: int) -> str:
    above, below = _part(element, "num", depth), _part(element, "den", depth)
    return f"{{{above} \\atop {below}}}" if _has_no_bar(element) else f"\\frac{{{above}}}{{{below}}}"


def _has_no_bar(element: Element) -> bool:
    return value(child(element, "fPr", "type")) == "noBar"


def _scripts(element: Element, depth: int) -> str:
    base = _part(element, "e", depth)
    # A base of several signs is one thing to Word.
    held = base if len(base) <= 1 or (base.startswith("\\") and base[1:].strip().isalpha()) else f"{{{base}}}"
    low, high = _part(element, "sub", depth), _part(element, "sup", depth)
    return held + (f"_{{{low}}}" if low else "") + (f"^{{{high}}}" if high else "")


def _root(element: Element, depth: int) -> str:
    degree, inner = _part(element, "deg", depth), _part(element, "e", depth)
    return f"\\sqrt[{degree}]{{{inner}}}" if degree else f"\\sqrt{{{inner}}}"


def _fenced(element: Element, depth: int) -> str:
    properties = element.first("dPr")
    begin, end = child(properties, "begChr"), child(properties, "endChr")
    left, right = ("(" if begin is None else value(begin)), (")" if end is None else value(end))
    if left not in _FENCES or right not in _FENCES:
        raise Unwritable
    if (held := _held(element, (left, right), depth)) is not None:
        return held
    separator = child(properties, "sepChr")
    inner = (value(separator) if separator else "|").join(_all(part, depth) for part in element.all("e"))
    return f"\\left{_FENCES[left]}{inner}\\right{_FENCES[right]}"


def _held(element: Element, signs: tuple[str, str], depth: int) -> str | None:
    """A matrix, a binomial or cases that stand alone in brackets: LaTeX has a name for them together."""
    parts = [part for cell in element.all("e") for part in cell.elements if part.tag not in _SKIPPED]
    only = parts[0] if len(parts) == 1 else None
    if only is None:
        return None
    if only.tag == "f" and _has_no_bar(only) and signs == ("(", ")"):
        return f"\\binom{{{_part(only, 'num', depth)}}}{{{_part(only, 'den', depth)}}}"
    if only.tag == "m" and signs == ("{", "") and _to_the_left(only):
        return _table("cases", only, depth)
    if only.tag == "m" and signs in _BRACKETED:
        return _table(f"{_BRACKETED[signs]}matrix", only, depth)
    return None


def _to_the_left(matrix: Element) -> bool:
    columns = child(matrix, "mPr", "mcs")
    return columns is not None and {value(child(one, "mcPr", "mcJc")) for one in columns.all("mc")} == {
        "left"
    }


def _big(element: Element, depth: int) -> str:
    sign = value(child(element, "naryPr", "chr")) or "∫"
    if sign not in _BIG:
        raise Unwritable
    low, high = _part(element, "sub", depth), _part(element, "sup", depth)
    limits = (f"_{{{low}}}" if low else "") + (f"^{{{high}}}" if high else "")
    return f"{_BIG[sign]}{limits}{{{_part(element, 'e', depth)}}}"


def _function(element: Element, depth: int) -> str:
    name, of = _part(element, "fName", depth), _part(element, "e", depth)
    return f"{name}{{{of}}}" if of else name


def _below(element: Element, depth: int) -> str:
    base, limit = _part(element, "e", depth).strip(), _part(element, "lim", depth)
    return (
        f"{base}_{{{limit}}}" if base in ("\\lim", "\\max", "\\min") else f"\\underset{{{limit}}}{{{base}}}"
    )


def _above(element: Element, depth: int) -> str:
    return f"\\overset{{{_part(element, 'lim', depth)}}}{{{_part(element, 'e', depth)}}}"


def _accented(element: Element, depth: int) -> str:
    sign = value(child(element, "accPr", "chr")) or "\u0302"
    if sign not in _ACCENTS:
        raise Unwritable
    return f"\\{_ACCENTS[sign]}{{{_part(element, 'e', depth)}}}"


def _barred(element: Element, depth: int) -> str:
    over = value(child(element, "barPr", "pos")) == "top"
    return f"\\{'overline' if over else 'underline'}{{{_part(element, 'e', depth)}}}"


def _matrix(element: Element, depth: int) -> str:
    return _table("matrix", element, depth)


def _table(name: str, element: Element, depth: int) -> str:
    rows = [" & ".join(_all(cell, depth) for cell in row.all("e")) for row in element.all("mr")]
    return f"\\begin{{{name}}}" + r" \\ ".join(rows) + f"\\end{{{name}}}"


def _lines(element: Element, depth: int) -> str:
    rows = [_all(row, depth) for row in element.all("e")]
    return "\\begin{matrix}" + r" \\ ".join(rows) + "\\end{matrix}"


_MAKERS: dict[str, Callable[[Element, int], str]] = {
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "rad": _root,
    "d": _fenced,
    "nary": _big,
    "func": _function,
    "limLow": _below,
    "limUpp": _above,
    "acc": _accented,
    "bar": _barred,
    "m": _matrix,
    "eqArr": _lines,
}
