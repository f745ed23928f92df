"""The branch that a cell of a file means: by its code, or by its name where only one is called so."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from studyhub.organization.identifiers import Suggestions

LISTED = 10
"""So many codes are named where a name could mean several branches."""


class BranchNames:
    """Branches by name. `known` are pairs of code and name."""

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        self._codes: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}
        for code, name in known:
            if name:
                self._codes.setdefault(_key(name), []).append(code)
                self._names[_key(name)] = name
        self._suggestions = Suggestions(self._codes)

    def called(self, text: str) -> list[str]:
        """The codes of the branches with this name."""
        return self._codes.get(_key(text), [])

    def meant(self, text: str) -> str | None:
        """The name that was probably meant."""
        return self._names.get(self._suggestions.meant(_key(text)) or "")


def _key(name: str) -> str:
    """Width, case and blanks do not tell branches apart."""
    return "".join(unicodedata.normalize("NFKC", name).lower().split())


def listed(codes: list[str]) -> str:
    """The first of the codes, as they are named to a person."""
    return "、".join(sorted(codes)[:LISTED]) + ("…" if len(codes) > LISTED else "")
