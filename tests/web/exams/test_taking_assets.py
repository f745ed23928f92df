"""The script of the taking page: every module is asked for at once, and none speaks a newer dialect."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import studyhub
from studyhub.exams.taking.views import MODULES

FOLDER = Path(studyhub.__file__).parent / "web" / "static" / "js" / "taking"
# Not in Chromium 80 or iOS 14: https://caniuse.com tells from which version on each one is there.
TOO_NEW = re.compile(
    r"\.replaceAll\(|\.at\(|structuredClone|Object\.hasOwn|\?\?=|\|\|=|&&=|replaceChildren|\.findLast"
    r"|AbortSignal\.timeout|^await |^\s+(static|#)\w+ ?=|\.inert\b|showModal|Promise\.any",
    re.M,
)


def test_every_module_is_preloaded() -> None:
    assert set(MODULES) == {path.name for path in FOLDER.glob("*.js")} - {"main.js"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.js")), ids=lambda path: path.name)
def test_old_phones_understand_the_script(path: Path) -> None:
    assert TOO_NEW.findall(path.read_text("utf-8")) == []


def test_a_newer_word_would_be_seen() -> None:
    assert TOO_NEW.search("text.replaceAll('a', 'b')")
