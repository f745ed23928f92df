"""A question type has one name, on the desk, on papers, in the glossary and in the exams that are shipped."""

from __future__ import annotations

from pathlib import Path

import yaml
from babel.messages.pofile import read_po

from studyhub.kernel.shipped import shipped_folder
from studyhub.questions import wording
from studyhub.questions.types import TYPES

ROOT = Path(__file__).resolve().parents[2]


def chinese_names() -> dict[str, str]:
    """The Chinese name of each type."""
    file = ROOT / "studyhub" / "questions" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
    with file.open("rb") as opened:
        catalogue = read_po(opened)
    return {kind: str(catalogue[str(name)].string) for kind, name in wording.TYPES.items()}


def test_every_type_has_a_name() -> None:
    assert wording.TYPES.keys() == TYPES.keys()


def test_the_glossary_has_every_name() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    assert [name for name in chinese_names().values() if name not in glossary] == []


def test_sections_of_shipped_exams_are_called_like_the_type_they_draw() -> None:
    names = chinese_names()
    for path in shipped_folder("question_banks").glob("exams/*.yaml"):
        for section in yaml.safe_load(path.read_text("utf-8"))["sections"]:
            assert section["title"] == names[section["where"]["type"]], path.name
