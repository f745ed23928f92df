"""Blanks in a prompt: `<span data-blank="1"></span>`, replaced by the field that is filled in there."""

from __future__ import annotations

import re
from collections.abc import Callable

_BLANK = re.compile(r'<span data-blank="(\d{1,3})">\s*</span>([。，；：、！？）》”’.,;:!?)]*)')


def fill_blanks(prompt_html: str, place: Callable[[int, str], str]) -> str:
    """The prompt with `place(n, closing)` (HTML) where blank n and the signs that close it stand: no line may
    begin with them."""
    return _BLANK.sub(lambda found: place(int(found[1]), found[2]), prompt_html)
