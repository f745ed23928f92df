"""`styles.xml`: what a paragraph or a run takes from its style and the styles that it is based on."""

from __future__ import annotations

from collections.abc import Iterator

from studyhub.questions.formats.element import Element
from studyhub.questions.formats.layout.line import BOLD, COLOUR, UNDERLINE
from studyhub.questions.formats.word.properties import child, switched, value

_DEEPEST = 20
_NO_HIGHLIGHT = frozenset({"", "none", "white", "auto"})


class Styles:
    def __init__(self, root: Element | None) -> None:
        self._styles = {value(style, "styleId"): style for style in (root.all("style") if root else ())}
        self._default = next(
            (
                name
                for name, style in self._styles.items()
                if value(style, "type") == "paragraph" and value(style, "default") in ("1", "true")
            ),
            "",
        )

    def chain(self, name: str) -> Iterator[Element]:
        """The style and those that it is based on, from near to far."""
        for _step in range(_DEEPEST):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = value(style.first("basedOn"))

    def of_paragraph(self, properties: Element | None) -> list[Element]:
        return list(self.chain(value(child(properties, "pStyle")) or self._default))

    def marks(self, layers: list[Element]) -> int:
        """How the characters of a run are set apart: by themselves, its style, the paragraph's style."""
        coloured = next((on for layer in layers if (on := _coloured(layer)) is not None), False)
        return COLOUR * coloured + BOLD * is_on(layers, "b") + UNDERLINE * is_on(layers, "u")

    def layers(self, run: Element | None, paragraph: list[Element]) -> list[Element]:
        """The properties that hold for a run, the nearest first."""
        layers = [run] if run else []
        layers += [p for style in self.chain(value(child(run, "rStyle"))) if (p := style.first("rPr"))]
        return layers + [p for style in paragraph if (p := style.first("rPr"))]


def is_on(layers: list[Element], tag: str) -> bool:
    return next((on for layer in layers if (on := switched(layer, tag)) is not None), False)


def _coloured(properties: Element) -> bool | None:
    """Whether a text is red, highlighted or shaded; None when nothing is said of its colour."""
    highlight = value(properties.first("highlight"))
    fill = value(properties.first("shd"), "fill").upper()
    if highlight not in _NO_HIGHLIGHT or (len(fill) == 6 and fill not in ("FFFFFF", "AUTO")):
        return True
    colour = value(properties.first("color")).upper()
    return _is_red(colour) if colour else None


def _is_red(colour: str) -> bool:
    try:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    except ValueError:
        return False
    return red >= 0x90 and green <= 0x60 and blue <= 0x70
