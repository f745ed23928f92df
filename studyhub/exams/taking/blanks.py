"""Blanks in a prompt: `<span data-blank="1"></span>`, replaced by the field that is filled in there."""

from __future__ import annotations

import re
from collections.abc import Callable

_BLANK = re.compile(r'<span data-blank="(\d{1,3})">\s*</span>')


def fill_blanks(prompt_html: str, place: Callable[[int], str]) -> str:
    """The prompt with `place(n)` (HTML) where blank n stands."""
    return _BLANK.sub(lambda found: place(int(found[1])), prompt_html)
