"""The script of the taking page: every module is asked for at once."""

from __future__ import annotations

from pathlib import Path

import studyhub
from studyhub.exams.taking.views import MODULES

FOLDER = Path(studyhub.__file__).parent / "web" / "static" / "js" / "taking"


def test_every_module_is_preloaded() -> None:
    assert set(MODULES) == {path.name for path in FOLDER.glob("*.js")} - {"main.js"}
