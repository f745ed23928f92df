"""Scripts and styles speak no newer dialect than the floor of design §3: Chromium 80, iOS 14, WeChat."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import studyhub

STATIC = Path(studyhub.__file__).parent / "web" / "static"
# Not in Chromium 80 or iOS 14: https://caniuse.com tells from which version on each one is there.
TOO_NEW_SCRIPT = re.compile(
    r"\.replaceAll\(|\.at\(|structuredClone|Object\.hasOwn|\?\?=|\|\|=|&&=|replaceChildren|\.findLast"
    r"|AbortSignal\.timeout|^await |^\s+(?:static|#)\w+ ?=|\.inert\b|showModal|Promise\.any",
    re.M,
)
TOO_NEW_STYLE = re.compile(
    r":has\(|:is\(|:where\(|aspect-ratio|\binset(?:-\w+)*:|\d[dsl]v[hw]\b|color-mix\(|@layer|@container|oklch\("
)
COMMENT = re.compile(r"/\*.*?\*/", re.S)
ROW_WITH_GAP = re.compile(r"\{(?=[^}]*display: *(?:inline-)?flex)(?=[^}]*(?<![\w-])gap:)[^}]*\}")


def too_new(path_suffix: str, source: str) -> list[str]:
    """What an old phone would not understand; a `gap` of a flex row is one of these, a grid's is not."""
    if path_suffix == ".js":
        return TOO_NEW_SCRIPT.findall(source)
    rules = COMMENT.sub("", source)
    return TOO_NEW_STYLE.findall(rules) + ROW_WITH_GAP.findall(rules)


@pytest.mark.parametrize(
    "path",
    sorted(path for path in STATIC.rglob("*") if path.suffix in {".js", ".css"}),
    ids=lambda path: path.relative_to(STATIC).as_posix(),
)
def test_old_phones_understand_every_script_and_style(path: Path) -> None:
    assert too_new(path.suffix, path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("suffix", "planted"),
    [
        (".js", "text.replaceAll('a', 'b')"),
        (".js", "list.replaceChildren()"),
        (".css", "li:has(p) { color: red; }"),
        (".css", "img { aspect-ratio: 1; }"),
        (".css", ".row { display: flex; gap: 4px; }"),
    ],
)
def test_a_newer_word_would_be_seen(suffix: str, planted: str) -> None:
    assert too_new(suffix, planted)


def test_the_gap_of_a_grid_and_a_word_in_a_comment_are_fine() -> None:
    assert too_new(".css", "/* no :has() */ .row { display: grid; gap: 4px; }") == []
