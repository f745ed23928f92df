"""JSON: the bank file's own shape, with the files that it names in base64 under `assets`."""

from __future__ import annotations

import base64
import binascii
import json
import posixpath
import re
from functools import partial
from typing import Any

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import inside
from studyhub.questions.document import DEEPEST
from studyhub.questions.formats.carrying import EVERYTHING, carry
from studyhub.questions.formats.decoding import decode
from studyhub.questions.formats.exchange import (
    Draft,
    Format,
    Item,
    Place,
    Reading,
    Source,
    Writing,
    skip,
)

_LONGEST_INTEGER = 9
_OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*[\"}]")
_HEAD = ("bank", "title", "language", "level", "source")
MOST_VALUES = 2_000_000
"""Brackets and commas of one file; a bank of 50,000 questions has a fifth of that."""


def read(source: Source) -> Reading:
    """A bank, or a bare list of questions."""
    whole = _parsed(decode(source.data))
    if isinstance(whole, list):
        whole = {"questions": whole}
    if not isinstance(whole, dict) or not isinstance(whole.get("questions"), list):
        raise Unreadable("json_no_bank")
    reading = Reading(head={key: whole[key] for key in _HEAD if key in whole})
    defaults = whole.get("defaults")
    if defaults:
        raise Unreadable("json_defaults")
    for number, value in enumerate(whole["questions"], 1):
        reading.add(Place.question(number, _name(value)), partial(_item, value))
    reading.assets = _assets(whole.get("assets") or {})
    for key in whole.keys() - {*_HEAD, "defaults", "questions", "assets"}:
        reading.note("unknown_part", part=str(key)[:100])
    return reading


def write(draft: Draft) -> Writing:
    items, writing = carry(draft, EVERYTHING, lambda item, tell: item)
    whole: dict[str, Any] = {**draft.head, "questions": items}
    if draft.assets:
        whole["assets"] = {path: base64.b64encode(data).decode() for path, data in draft.assets.items()}
    writing.data = (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()
    writing.suffix = ".json"
    return writing


def recognises(source: Source) -> bool:
    """By its name, or as an object: a brace before a key. Texts begin with braces, too."""
    return source.name.lower().endswith(".json") or _OBJECT.match(source.data[:512]) is not None


def _parsed(text: str) -> Any:
    """Numbers stay the text that was typed: neither 3.10 nor one of a million digits is calculated."""
    if sum(map(text.count, "[{,")) > MOST_VALUES:
        raise Unreadable("too_many_items", most=MOST_VALUES)
    try:
        return json.loads(
            text, parse_int=_integer, parse_float=str, parse_constant=str, object_pairs_hook=_without_twins
        )
    except json.JSONDecodeError as error:
        raise Unreadable("broken_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise Unreadable("too_deep_file", deepest=DEEPEST) from error


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_INTEGER else text


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
        raise Unreadable("json_key_twice", key=twice[:100])
    return found


def _name(value: Any) -> str:
    name = value.get("id") if isinstance(value, dict) else None
    return name[:100] if isinstance(name, str) else ""


def _item(value: Any) -> Item:
    if not isinstance(value, dict):
        skip("not_a_question")
    if _depth(value) > DEEPEST:
        skip("too_deep", deepest=DEEPEST)
    return value


def _depth(value: Any) -> int:
    """How deep lists and mappings are nested, counted no further than one too many."""
    level, deep = [value], 0
    while level and deep <= DEEPEST:
        deep += 1
        containers = (v.values() if isinstance(v, dict) else v for v in level if isinstance(v, dict | list))
        level = [inner for container in containers for inner in container]
    return deep


def _assets(listed: Any) -> dict[str, bytes]:
    if not isinstance(listed, dict):
        raise Unreadable("json_no_bank")
    found = {}
    for path, text in listed.items():
        if not inside("", path) or posixpath.normpath(path) != path:
            raise Unreadable("package_path", name=path[:200])
        try:
            found[path] = base64.b64decode(text if isinstance(text, str) else "?", validate=True)
        except (binascii.Error, ValueError) as error:
            raise Unreadable("bad_base64", name=path[:200]) from error
    return found


FORMAT = Format("json", ".json", EVERYTHING, recognises, read, write, ("application/json",))
