"""Keeps every room's Chinese complete: `python -m studyhub.web.catalogue check` and `… update [ROOM…]`.

A room translates the messages that its own code and templates use, in
`studyhub/<room>/translations/zh/LC_MESSAGES/messages.po`. What the web room already translates need not be
translated again.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOMS = Path(__file__).resolve().parent.parent
CATALOGUE = Path("translations", "zh", "LC_MESSAGES", "messages.po")
SHARED = "web"
_KEYWORDS = {
    "_": None,
    "_l": None,
    "_n": (1, 2),
    "gettext": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}

_HEADER = r"""msgid ""
msgstr ""
"Language: zh\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"Content-Type: text/plain; charset=utf-8\n"

"""

Key = tuple[str | None, str]
"""The context of a message, and its (singular) English."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a room's catalogue."""

    room: str
    what: str
    message: str

    def __str__(self) -> str:
        return f"studyhub/{self.room}: {self.what}: {self.message!r}"


def rooms() -> list[Path]:
    """The folders of all rooms, and of the modules beside them."""
    return sorted(path for path in ROOMS.iterdir() if (path / "__init__.py").exists())


def used_messages(folder: Path) -> Catalog:
    """Every message that the room's code and templates show to people."""
    found = Catalog(locale="zh", fuzzy=False)
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".py", ".html"):
            continue
        method: Any = "python" if path.suffix == ".py" else babel_extract
        options = {"trimmed": "true", "silent": "false"} if path.suffix == ".html" else {}
        for line, message, _comments, context in extract(
            method, BytesIO(path.read_bytes()), keywords=_KEYWORDS, options=options
        ):
            place = (path.relative_to(ROOMS.parent).as_posix(), line)
            found.add(message, locations=[place], context=context)
    return found


def kept_messages(folder: Path) -> Catalog:
    """The room's catalogue as it is in the repository."""
    path = folder / CATALOGUE
    if not path.exists():
        return Catalog(locale="zh", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="zh")


def findings() -> list[Finding]:
    """Everything that keeps the catalogues from being complete and of one mind."""
    folders = rooms()
    used = {folder.name: used_messages(folder) for folder in folders}
    kept = {folder.name: kept_messages(folder) for folder in folders}
    found: list[Finding] = []
    for name, messages in used.items():
        shared = Catalog() if name == SHARED else kept[SHARED]
        found += [Finding(name, "no Chinese", _english(m)) for m in _missing(messages, kept[name], shared)]
        users = list(used.values()) if name == SHARED else [messages]
        found += [Finding(name, "not used", _english(m)) for m in _unused(kept[name], users)]
        found += [Finding(name, "marked fuzzy", _english(m)) for m in _messages(kept[name]) if m.fuzzy]
    return found + list(_contradictions(kept))


def update(names: Collection[str]) -> None:
    """Add new messages, with an empty translation, to the rooms' catalogues, and drop those not used."""
    shared = kept_messages(ROOMS / SHARED)
    for folder in (folder for folder in rooms() if folder.name in names):
        used, kept = used_messages(folder), kept_messages(folder)
        fresh = Catalog(locale="zh", fuzzy=False)
        for message in _messages(used):
            old = kept.get(message.id, context=message.context)
            if old is None and folder.name != SHARED and shared.get(message.id, context=message.context):
                continue
            text = old.string if old else ""
            fresh.add(message.id, text, locations=message.locations, context=message.context)
        if folder.name == SHARED:
            _keep_shared(kept, fresh)
        if len(fresh):
            _write(folder / CATALOGUE, fresh)


def main(arguments: list[str]) -> int:
    """Run `check` or `update`. Returns the exit status."""
    if arguments[:1] == ["update"]:
        update(arguments[1:] or [folder.name for folder in rooms()])
        return 0
    if arguments != ["check"]:
        sys.stderr.write("usage: python -m studyhub.web.catalogue check|update [ROOM…]\n")
        return 2
    found = findings()
    for finding in found:
        sys.stdout.write(f"{finding}\n")
    return 1 if found else 0


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(texts) and all(texts)


def _missing(used: Catalog, kept: Catalog, shared: Catalog) -> Iterator[Message]:
    for message in _messages(used):
        places = (kept, shared)
        if not any(_is_translated(place.get(message.id, context=message.context)) for place in places):
            yield message


def _unused(kept: Catalog, users: list[Catalog]) -> Iterator[Message]:
    for message in _messages(kept):
        if not any(used.get(message.id, context=message.context) for used in users):
            yield message


def _contradictions(kept: dict[str, Catalog]) -> Iterator[Finding]:
    """The catalogues are merged, so one English message has one Chinese text (or a context)."""
    first: dict[Key, tuple[str, object]] = {}
    for name, catalogue in kept.items():
        for message in _messages(catalogue):
            key = (message.context, _english(message))
            room, text = first.setdefault(key, (name, message.string))
            if text != message.string:
                yield Finding(name, f"other Chinese than in {room}", _english(message))


def _keep_shared(kept: Catalog, fresh: Catalog) -> None:
    """What other rooms use of the shared catalogue stays in it."""
    elsewhere = [used_messages(folder) for folder in rooms() if folder.name != SHARED]
    for message in _messages(kept):
        if any(used.get(message.id, context=message.context) for used in elsewhere):
            fresh.add(message.id, message.string, context=message.context)


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(_HEADER.encode())
        write_po(file, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
