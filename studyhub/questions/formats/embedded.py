"""Files that stand within a text, as base64."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote

from studyhub.questions.formats.exchange import Skip

_DATA = re.compile(r"data:(?:image|audio)/([a-z0-9.+-]{1,20});base64,([A-Za-z0-9+/=\s%]+)")
_SUFFIXES = {"jpeg": "jpg", "mpeg": "mp3", "svg+xml": "svg"}


def lifted(text: str, folder: str = "") -> tuple[str, dict[str, bytes]]:
    """The text with a name in `folder` for each `data:` address, and the bytes by name. Raises Skip."""
    files: dict[str, bytes] = {}

    def take(match: re.Match[str]) -> str:
        name = f"embedded-{len(files) + 1}.{_SUFFIXES.get(match[1], match[1])}"
        files[name] = decoded(unquote(match[2]), name)
        return folder + name

    return (_DATA.sub(take, text) if "data:" in text else text), files


def decoded(encoded: str, name: str) -> bytes:
    """The bytes of base64 with or without line ends. Raises Skip."""
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Skip("bad_base64", name=name[:100]) from error
