"""The headings and example rows of the workbooks to fill in, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from studyhub.organization.imports.kinds import MEMBERS, Importer

Rows = Sequence[Sequence[str]]
Word = Callable[[str], str]
"""The organisation's Chinese word for a key of the word packs."""


def in_english(importer: Importer) -> tuple[tuple[str, ...], Rows]:
    """The columns under their own names, with codes."""
    return importer.columns.all, _ENGLISH_MEMBERS if importer is MEMBERS else _ENGLISH_BRANCHES


def in_chinese(importer: Importer, word: Word) -> tuple[tuple[str, ...], Rows]:
    """The columns as a list of Chinese people has them, in the words of the organisation."""
    headings = {**importer.columns.in_chinese}
    if importer is MEMBERS:
        headings["branch"] = word("branch")
    rows = _chinese_members(word) if importer is MEMBERS else _chinese_branches(word)
    return tuple(headings[column] for column in importer.columns.all), rows


_ENGLISH_MEMBERS = (
    ("10001", "李秀兰", "lib-3", "13800138000", "active", "internal", "leader"),
    ("10002", "王建国", "lib-3", "", "probationary", "", ""),
)
_ENGLISH_BRANCHES = (
    ("city", "市直机关工委", "", "committee"),
    ("lib", "市图书馆党总支", "city", "general_branch"),
    ("lib-3", "市图书馆第三党支部", "lib", "home_branch"),
)


def _chinese_members(word: Word) -> Rows:
    home = f"市图书馆第三{word('branch_unit')}"
    return (
        ("10001", "李秀兰", home, "13800138000", word("active"), "内部", word("leader")),
        ("10002", "王建国", home, "", word("probationary"), "", ""),
    )


def _chinese_branches(word: Word) -> Rows:
    top, middle = f"市直机关{word('committee')}", f"市图书馆{word('general_branch')}"
    return (
        ("city", top, "", word("committee")),
        ("lib", middle, top, word("general_branch")),
        ("lib-3", f"市图书馆第三{word('branch_unit')}", middle, word("branch_unit")),
    )
