"""Keeps every room's Chinese complete: `python -m studyhub.web.catalogue check` and `… update [ROOM…]`.

A room translates the messages that its own code and templates use, in
`studyhub/<room>/translations/zh/LC_MESSAGES/messages.po`. What the web room already translates need not be
translated again; the modules that stand in no room have their words in its catalogue. What `--help` says of
commands and options is a message as well.
"""

from __future__ import annotations

import ast
import inspect
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
    for path in _files(folder):
        method: Any = "python" if path.suffix == ".py" else babel_extract
        options = {"trimmed": "true", "silent": "false"} if path.suffix == ".html" else {}
        for line, message, _comments, context in extract(
            method, BytesIO(path.read_bytes()), keywords=_KEYWORDS, options=options
        ):
            place = (path.relative_to(ROOMS.parent).as_posix(), line)
            found.add(message, locations=[place], context=context)
        if path.suffix == ".py":
            for line, message in descriptions(path.read_text("utf-8")):
                found.add(message, locations=[(path.relative_to(ROOMS.parent).as_posix(), line)])
    return found


def descriptions(code: str) -> Iterator[tuple[int, str]]:
    """What `--help` says: the docstring of each command, as Click shows it, and the help of each option."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef) and any(
            _calls(each, "command", "group") for each in node.decorator_list
        ):
            text = inspect.cleandoc(ast.get_docstring(node, clean=False) or "")
        elif isinstance(node, ast.Call) and _calls(node, "command", "group", "option", "version_option"):
            text = next((_constant(each.value) for each in node.keywords if each.arg == "help"), "")
        else:
            continue
        if text:
            yield node.lineno, text


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
    hidden = [
        Finding(folder.name, "hidden in an f-string", call) for folder in folders for call in _hidden(folder)
    ]
    return found + hidden + list(_contradictions(kept))


def hidden_in_f_strings(code: str) -> list[str]:
    """The calls for a message that Babel does not see: it takes an f-string for plain text."""
    strings = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.JoinedStr))
    calls = (node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call))
    return [
        ast.unparse(call) for call in calls if isinstance(call.func, ast.Name) and call.func.id in _KEYWORDS
    ]


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
            text = _as_of_now(message, old) if old else ""
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


def _files(folder: Path) -> list[Path]:
    """The room's modules and templates; with the room that all share, the modules beside the rooms."""
    beside = ROOMS.glob("*.py") if folder.name == SHARED else ()
    return sorted(path for path in (*folder.rglob("*"), *beside) if path.suffix in (".py", ".html"))


def _calls(node: ast.expr, *names: str) -> bool:
    """Whether it is a call such as `click.command(…)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _hidden(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        yield from hidden_in_f_strings(path.read_text("utf-8"))


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(texts) and all(texts)


def _as_of_now(message: Message, old: Message) -> Any:
    """The Chinese that was kept, for a message that counts something now, or no longer: it has one form."""
    forms = old.string if isinstance(old.string, tuple | list) else (old.string,)
    return tuple(forms) if message.pluralizable else forms[0]


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
