"""LaTeX → MathML, with the same formula as readable text for phones that do not draw MathML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, tostring

from latex2mathml import commands, converter, symbols_parser

LONGEST = 2000
"""Characters of one formula; a longer one is shown as it was typed."""

_BETWEEN = {"msub": "_", "munder": "_", "msup": "^", "mover": "^", "mfrac": "/"}


_ONE_UPRIGHT = re.compile(r"\\mathrm ?\{([A-Za-z])\}")
"""The library makes a single letter upright only in braces of its own."""
_COMMANDS = frozenset(
    text
    for value in vars(commands).values()
    for text in (
        [value] if isinstance(value, str) else value if isinstance(value, list | tuple | dict) else ()
    )
    if isinstance(text, str)
)


def knows(command: str) -> bool:
    """Whether a command such as `\\frac` means something in a formula."""
    return command in _COMMANDS or symbols_parser.convert_symbol(command) is not None


def to_html(latex: str, options: dict[str, Any]) -> str:
    """The formula twice: as MathML and as text; the style sheet shows the one that the browser can draw.

    What cannot be read as LaTeX stays as it was typed: a learner sees the source, never nothing.
    """
    latex = latex.strip()
    parsed = tree(latex, "block" if options.get("display_mode") else "inline")
    if parsed is None:
        return f'<code class="math-source">{html.escape(latex)}</code>'
    mathml = tostring(parsed, encoding="unicode", short_empty_elements=False)
    return f'{mathml}<span class="math-text">{html.escape(as_text(parsed))}</span>'


def as_text(element: Element) -> str:
    """A formula on one line: `(a + b)/c`, `x^2`, `√(x)`."""
    parts = [as_text(child) for child in element]
    if element.tag == "msqrt":
        return f"√{_grouped(''.join(parts))}"
    if element.tag == "mroot" and len(parts) == 2:
        return f"{_grouped(parts[1])}√{_grouped(parts[0])}"
    if element.tag in ("msubsup", "munderover") and len(parts) == 3:
        return f"{parts[0]}_{_grouped(parts[1])}^{_grouped(parts[2])}"
    if element.tag in _BETWEEN:
        return _BETWEEN[element.tag].join(map(_grouped, parts))
    if element.tag == "mtable":
        return f"[{'; '.join(parts)}]"
    if element.tag == "mtr":
        return ", ".join(parts)
    return (element.text or "") + "".join(parts)


def _grouped(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text})"


def tree(latex: str, display: str) -> Element | None:
    """The MathML of a formula, or None when it cannot be read."""
    if not latex or len(latex) > LONGEST:
        return None
    try:
        parsed: Element = converter.convert_to_element(
            _ONE_UPRIGHT.sub(r"\\mathrm{{\1}}", latex), display=display
        )
    except Exception:  # the library answers a typing mistake with a dozen unrelated kinds
        return None
    elements = list(parsed.iter())
    _decode(elements)
    # An unknown command comes back as an identifier that still has its backslash.
    return None if any("\\" in (element.text or "") for element in elements) else parsed


def _decode(elements: Iterable[Element]) -> None:
    # The library leaves numeric references such as `&#x2264;` in the text of its elements.
    for element in elements:
        if element.text:
            element.text = html.unescape(element.text)
