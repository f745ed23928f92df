"""Every code that a course can be faulted with has its sentence, and every hint too."""

from __future__ import annotations

import re
from pathlib import Path

import studyhub
from studyhub.courses import wording

PACKAGE = Path(studyhub.__file__).parent
CODE = re.compile(
    r'(?:Fault|error|warn|_warning|Unplayable|Unreadable|_at)\((?:reference, |report, )?\s*"([a-z_0-9]+)"'
)
HINT = re.compile(
    r'hint="([a-z_]+)"|"((?:did_you|one_of|percentage_like|point_not|cue_times|begin_with)[a-z_]*)"'
)


def sources() -> str:
    files = [
        *(PACKAGE / "courses").glob("*.py"),
        *(PACKAGE / "media" / name for name in ("captions.py", "video.py", "pictures.py", "studio.py")),
    ]
    return "\n".join(path.read_text("utf-8") for path in files)


def test_every_code_has_a_sentence() -> None:
    codes = set(CODE.findall(sources()))
    assert len(codes) > 40
    assert codes - wording.FAULTS.keys() == set()


def test_every_hint_has_a_sentence() -> None:
    hints = {one or other for one, other in HINT.findall(sources())}
    assert hints - wording.HINTS.keys() == set()
