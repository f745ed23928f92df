"""What a user can set or type is documented, or the build fails."""

from __future__ import annotations

import re
from pathlib import Path

import click

import studyhub.config
from studyhub.cli import main

ROOT = Path(__file__).parents[2]
DOCS = {path: path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md")}
ALL_DOCS = "\n".join(DOCS.values())


def test_every_setting_is_in_the_operators_table() -> None:
    read = set(re.findall(r'"(STUDYHUB_[A-Z_]+)"', Path(studyhub.config.__file__).read_text("utf-8")))
    table = DOCS[ROOT / "docs" / "for-operators.md"]
    assert read
    assert {name for name in read if f"| `{name}` |" not in table} == set()


def _commands(command: click.Command, name: str) -> list[str]:
    if isinstance(command, click.Group):
        return [n for sub, inner in command.commands.items() for n in _commands(inner, f"{name} {sub}")]
    return [] if command.hidden else [name]


def test_every_command_is_documented() -> None:
    missing = [name for name in _commands(main, "studyhub") if name not in ALL_DOCS]
    assert missing == []


def test_links_between_documents_lead_somewhere() -> None:
    pages = {**DOCS, **{p: p.read_text("utf-8") for p in ROOT.glob("*.md")}}
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page, text in pages.items()
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_developers_page_names_what_is_there() -> None:
    page = DOCS[ROOT / "docs" / "for-developers.md"]
    named = re.findall(r"`((?:studyhub|tests|migrations)/[^`:\s]+|[a-z]+\.cfg)(?:: (\w+))?`", page)
    assert len(named) > 25
    missing = [
        f"{path}: {name}" if name else path
        for path, name in named
        if not (ROOT / path).exists()
        or (name and not re.search(rf"^(?:class|def) {name}\b", (ROOT / path).read_text("utf-8"), re.M))
    ]
    assert missing == []
