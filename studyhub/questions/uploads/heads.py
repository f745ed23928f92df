"""What a bank of another format is called: as a person says, as it is already, or as the file says."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from typing import Any

from studyhub.kernel.errors import Unprocessable
from studyhub.questions.formats.conversion import Choose
from studyhub.questions.formats.identity import slug_of

UNSAID = {"source": {}, "level": "internal"}


def of_known(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The head of a bank that is there: as it is, or as a file says that speaks of this very bank."""
    kept = {**UNSAID, **known}
    return {**kept, **said} if said.get("bank") == known["bank"] else kept


def chosen(wanted: Mapping[str, str | None], name: str, known: Callable[[str], Mapping[str, Any]]) -> Choose:
    """How a file called `name` gets its bank: the one that is wanted, else named by the file or like it.

    `known` gives the head of the bank with a slug, empty when there is none. What comes of it raises
    Unprocessable `bank_unnamed` when nothing names the bank.
    """

    def choose(said: Mapping[str, Any]) -> Mapping[str, Any]:
        stem = posixpath.splitext(posixpath.basename(name))[0]
        slug = wanted.get("bank") or slug_of(str(said.get("bank") or "")) or slug_of(stem)
        if not slug:
            raise Unprocessable("bank_unnamed")
        there = known(slug)
        head = of_known(there, said) if there else {"bank": slug}
        return head | {key: value for key, value in wanted.items() if value}

    return choose
