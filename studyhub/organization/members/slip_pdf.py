"""Activation slips as a PDF to print and cut: eight on a page, each with its code and a QR of the same."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import segno
import typst

from studyhub.kernel.font import font_path
from studyhub.organization.members.slips import Slip
from studyhub.organization.sign_in.activation_code import grouped

_TEMPLATE = Path(__file__).with_name("slips.typ")


def slip_url(base_url: str, code: str) -> str:
    """Where the QR leads: the welcome page with the code filled in."""
    return f"{base_url}/welcome?{urlencode({'code': code})}"


def qr_svg(url: str) -> str:
    """The QR as an SVG image, with error correction for a creased slip."""
    out = BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=1, xmldecl=False, svgns=True)
    return out.getvalue().decode("utf-8")


def qr_data_uri(url: str) -> str:
    """The QR as the address of an image that is in the page itself."""
    return "data:image/svg+xml;base64," + base64.b64encode(qr_svg(url).encode()).decode()


def render(slips: list[Slip], words: Mapping[str, str], base_url: str, language: str) -> bytes:
    """The PDF. `words` are the sentences printed on each slip: title, number, code, steps, until."""
    data = {
        "language": language,
        "words": dict(words),
        "slips": [
            {
                "name": slip.name,
                "member_no": slip.member_no,
                "branch": slip.branch_name,
                "code": grouped(slip.code),
                "qr": qr_svg(slip_url(base_url, slip.code)),
            }
            for slip in slips
        ],
    }
    return bytes(
        typst.compile(
            _TEMPLATE,
            font_paths=[font_path().parent],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    )
