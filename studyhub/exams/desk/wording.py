"""The words that every page of the desk takes."""

from __future__ import annotations

from typing import Any

from studyhub.exams.wording import (
    BANDS,
    KEEPS,
    RELEASES,
    STAGES,
    fault_hint,
    fault_message,
    hint_on_a_page,
    on_a_page,
)
from studyhub.questions.wording import TYPES

WORDS: dict[str, Any] = {
    "BANDS": BANDS,
    "KEEPS": KEEPS,
    "RELEASES": RELEASES,
    "STAGES": STAGES,
    "TYPE_NAMES": TYPES,
    "message": on_a_page,
    "hint": hint_on_a_page,
}
FILE_WORDS = WORDS | {"message": fault_message, "hint": fault_hint}
"""Where a file is shown, its keys are named."""
