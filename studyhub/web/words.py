"""Word packs: the words that belong to one kind of organisation, in both languages.

Templates say `{{ word('member') }}`, and Chinese catalogues `[[member]]`; neither says 党员 or 成员 itself.
"""

from __future__ import annotations

from typing import Any

from flask import Flask

from studyhub.config import Settings
from studyhub.web.i18n import language, lazy
from studyhub.web.services import settings

# key: (Chinese, English, English plural)
Words = dict[str, tuple[str, str, str]]

PARTY: Words = {
    "branch": ("党组织", "Party organisation", "Party organisations"),
    "home_branch": ("所在党支部", "home branch", "home branches"),
    "member": ("党员", "Party member", "Party members"),
    "active": ("正式党员", "Active", "Active"),
    "probationary": ("预备党员", "Probationary", "Probationary"),
    "leader": ("书记", "secretary", "secretaries"),
    "deputy": ("代管人", "deputy", "deputies"),
    "group_leader": ("党小组组长", "group leader", "group leaders"),
    "committee": ("党委", "Party committee", "Party committees"),
    "general_branch": ("党总支", "general branch", "general branches"),
    "branch_unit": ("党支部", "Party branch", "Party branches"),
    "group": ("党小组", "Party group", "Party groups"),
    "comrade": ("同志", "member", "members"),
    "activity": ("组织生活", "activity", "activities"),
    "transfer": ("组织关系转接", "transfer", "transfers"),
    "dues": ("党费", "dues", "dues"),
}

GENERAL: Words = {
    "branch": ("组织", "branch", "branches"),
    "home_branch": ("所在部门", "home branch", "home branches"),
    "member": ("成员", "member", "members"),
    "active": ("正式成员", "Active", "Active"),
    "probationary": ("试用成员", "Probationary", "Probationary"),
    "leader": ("负责人", "leader", "leaders"),
    "deputy": ("代管人", "deputy", "deputies"),
    "group_leader": ("组长", "group leader", "group leaders"),
    "committee": ("总部", "head office", "head offices"),
    "general_branch": ("分部", "division", "divisions"),
    "branch_unit": ("部门", "department", "departments"),
    "group": ("小组", "group", "groups"),
    "comrade": ("成员", "member", "members"),
    "activity": ("活动", "activity", "activities"),
    "transfer": ("调动", "transfer", "transfers"),
    "dues": ("会费", "dues", "dues"),
}

PACKS: dict[str, Words] = {"party": PARTY, "general": GENERAL}


def init(app: Flask, settings: Settings) -> None:
    """Give templates the `word` function."""
    app.jinja_env.globals.update(word=word)


def word(key: str, count: int = 1) -> str:
    """The organisation's word for `key`, in the reader's language; English has a plural for counts but 1."""
    chinese, english, plural = PACKS[settings().word_pack][key]
    if language() == "zh":
        return chinese
    return english if count == 1 else plural


def chinese_word(key: str) -> str:
    """The organisation's word in Chinese, whatever the reader's language: for files that are Chinese."""
    return PACKS[settings().word_pack][key][0]


def in_chinese(pack: str) -> dict[str, str]:
    """Each key's Chinese: what catalogues write as `[[member]]`."""
    return {key: chinese for key, (chinese, _one, _many) in PACKS[pack].items()}


def lazy_title(key: str) -> Any:
    """The word as it stands alone, in a list or before a dot: English begins with a capital then."""
    return lazy(_title, key)


def _title(key: str) -> str:
    alone = word(key)
    return alone[:1].upper() + alone[1:]


def lazy_word(key: str, count: int = 1) -> Any:
    """The same, looked up when it is shown."""
    return lazy(word, key, count)


def lazy_label(key: str) -> Any:
    """The same as the label of a field, with a capital."""
    return lazy(lambda: word(key)[:1].upper() + word(key)[1:])
