"""What the documents call a page or a button is what stands on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studyhub.web import catalogue
from studyhub.web.words import PACKS

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("README*.md"), *(ROOT / "docs" / "for-admins").glob("*.md")]
OF_OTHERS = {"Place in Cell", "Save as", "YAML"}
"""What stands in other programs, and not in this one."""


def _on_pages() -> tuple[set[str], set[str]]:
    """Every English and every Chinese text of the pages, with the words of the packs."""
    english, chinese = set[str](), set[str]()
    for room in catalogue.rooms():
        for message in catalogue.kept_messages(room):
            english |= {*message.id} if isinstance(message.id, tuple) else {message.id}
            chinese |= {*message.string} if isinstance(message.string, tuple | list) else {message.string}
    for pack in PACKS.values():
        for zh, one, many in pack.values():
            chinese.add(zh)
            english |= {one, many}
    return english, chinese


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_and_buttons_are_called_in_documents_as_they_are_called_there(page: Path) -> None:
    english, chinese = _on_pages()
    text = page.read_text("utf-8")
    pressed = re.findall(r"(?<![*\w])\*([A-Z][^*]{1,60}?)\*(?!\*)", text)
    ways = [re.split(r"\s+→\s+", way) for way in re.findall(r"Desk(?:\s+→\s+[A-Z][\w ]+)+", text)]
    named = {" ".join(one.split()) for one in (*pressed, *(one for way in ways for one in way))}
    assert named - english - OF_OTHERS == set()
    in_chinese = [way.split(" → ") for way in re.findall(r"管理(?: → [\u4e00-\u9fff]+)+", text)]
    assert {one for way in in_chinese for one in way} - chinese == set()
