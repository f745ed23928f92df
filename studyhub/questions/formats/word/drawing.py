"""A picture within a line, as Word has it: as large as it is, and no larger than the page has room for."""

from __future__ import annotations

import io
import re
import warnings

from PIL import Image

from studyhub.questions.formats.element import Element
from studyhub.questions.formats.word.properties import value
from studyhub.questions.formats.xml_writing import tag

_EMU_A_PIXEL = 9525
_WIDEST, _HIGHEST = 5_400_000, 4_320_000
"""15 cm, and 12 cm, so that the question finds room beside it."""
_UNKNOWN = (320, 240)
_BY_A_PROGRAM = re.compile(
    r"自动生成|automatically generated|[\\/]|\.\w{3,4}$|^(?:图片|图像|Picture|Image|IMG)[\s_]*\d*$", re.I
)
"""What programs describe a picture by: its file, or what they take it for."""
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def described(drawing: Element) -> tuple[str, str]:
    """What the picture is said to show, and its title; "" for each that nobody wrote."""
    shown = next(iter(drawing.descendants("docPr")), None)
    said, title = (value(shown, "descr").strip(), value(shown, "title").strip()) if shown else ("", "")
    if _BY_A_PROGRAM.search(said):
        said = ""
    return said or title, title if said and title != said else ""


def inline(number: int, relation: str, data: bytes, said: str, title: str = "") -> str:
    """The run that shows it; `number` is its own in the document, `said` what it is said to show."""
    wide, high = (str(length) for length in _extent(data))
    told = {name: text for name, text in (("descr", said), ("title", title)) if text}
    name = f"图片 {number}"
    frame = tag(
        "pic:pic",
        tag("pic:nvPicPr", tag("pic:cNvPr", id=str(number), name=name), tag("pic:cNvPicPr")),
        tag("pic:blipFill", tag("a:blip", r__embed=relation), tag("a:stretch", tag("a:fillRect"))),
        tag(
            "pic:spPr",
            tag("a:xfrm", tag("a:off", x="0", y="0"), tag("a:ext", cx=wide, cy=high)),
            tag("a:prstGeom", tag("a:avLst"), prst="rect"),
        ),
        xmlns__pic=f"{_DRAWING}/picture",
    )
    graphic = tag(
        "a:graphic",
        tag("a:graphicData", frame, uri=f"{_DRAWING}/picture"),
        xmlns__a=f"{_DRAWING}/main",
    )
    placed = tag(
        "wp:inline",
        tag("wp:extent", cx=wide, cy=high),
        tag("wp:docPr", id=str(number), name=name, **told),
        graphic,
        xmlns__wp=f"{_DRAWING}/wordprocessingDrawing",
        distT="0",
        distB="0",
        distL="0",
        distR="0",
    )
    return tag("w:r", tag("w:drawing", placed))


def _extent(data: bytes) -> tuple[int, int]:
    """Width and height in Word's units; of a picture that nobody can measure, of a usual one."""
    wide, high = (max(1, pixels) * _EMU_A_PIXEL for pixels in _pixels(data))
    scale = min(1.0, _WIDEST / wide, _HIGHEST / high)
    return max(1, int(wide * scale)), max(1, int(high * scale))


def _pixels(data: bytes) -> tuple[int, int]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # it is measured, not unpacked
            with Image.open(io.BytesIO(data)) as picture:
                return picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return _UNKNOWN
