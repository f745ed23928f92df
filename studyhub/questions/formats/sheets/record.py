"""The cells of a row by column, and what the ones of options and of their answer say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from studyhub.questions.formats.exchange import Choice, Item, Skip, skip
from studyhub.questions.formats.sheets.cells import unlabelled
from studyhub.questions.formats.sheets.choosing import in_one_cell, readings
from studyhub.questions.formats.sheets.columns import OPTION, counts_from_zero, legend

Doubt = Callable[..., None]
Others = Mapping[str, Mapping[str, str]]
"""Other readings of a row by their names: the cells that would say so, by column."""


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of a row by column. `headers` are the words over the columns, to name them; `levels` is the
    highest of the sheet's difficulties where they count 1, 2, 3 …, else 0.

    `tell` keeps a doubt; without it none is told, and of a row that is not read only the reason is.
    """

    values: Mapping[str, str]
    headers: Mapping[str, str]
    source: str = ""
    tell: Doubt | None = None
    levels: int = 0

    def get(self, column: str) -> str:
        return self.values.get(column, "")

    def need(self, column: str) -> str:
        """The text of a cell that must be filled. Raises Skip with the word over its column."""
        if column not in self.headers:
            skip("no_column", at=(column,), key=column)
        return self.get(column) or skip("cell_empty", at=(column,), column=self.headers[column])

    def wrong(self, column: str, code: str, **params: Any) -> Any:
        """Raises Skip for what stands in a cell."""
        header = self.headers.get(column, column)
        skip(code, at=(column,), column=header, value=self.get(column)[:80], **params)

    def doubt(self, code: str, others: Others = MappingProxyType({}), **params: Any) -> None:
        """Tell what is guessed, and what else the row may mean: by name, what its cells would say then."""
        if self.tell is not None:
            self.tell(code, self.source, self.choices(others), **params)

    def choices(self, others: Others) -> tuple[Choice, ...]:
        """The row with other cells, where that can be read."""
        found = []
        for name, cells in others.items():
            try:
                found.append(Choice(name, replace(self, values={**self.values, **cells}, tell=None).item()))
            except Skip:
                continue
        return tuple(found)

    def item(self) -> Item:
        """The question. Raises Skip."""
        raise NotImplementedError

    @property
    def options(self) -> dict[str, Any]:
        columns = sorted(name for name in self.values if name.startswith(OPTION) and self.values[name])
        found = {name[-1]: self.values[name] for name in columns}
        if found:
            return dict(unlabelled(found) or found)
        return in_one_cell(self.get("options")) if self.get("options") else {}

    @property
    def _first(self) -> int:
        """The number by which an answer calls the first option: that of its header."""
        return 0 if counts_from_zero(self.headers.get(OPTION + "A", "")) else 1

    def word(self, column: str) -> str:
        """What a cell says, in words where its header explains the signs: 题型（1单选 2多选）."""
        text = self.get(column).strip()
        return legend(self.headers.get(column, "")).get(text.upper(), text)

    def chosen(self, options: Mapping[str, Any], *, one: bool = False) -> list[str]:
        """The letters of the right options: ABD, `A,B,D`, `A、B`, their numbers, or their own texts."""
        found = readings(self.need("answer"), options, self._first)
        if not found:
            self.wrong("answer", "cell_no_option", keys=tuple(options))
        fitting = [letters for letters in found if len(letters) == 1] if one else []
        found = fitting or found
        if len(found) > 1:
            others = {f"answer_{''.join(each)}": {"answer": "".join(each)} for each in found[1:]}
            said = tuple("".join(each) for each in found)
            self.doubt("answer_two_ways", others, value=self.get("answer")[:80], answers=said)
        return found[0]

    def of_options(self, options: Mapping[str, Any]) -> list[str]:
        """The letters that the answer says, if it says any."""
        return next(iter(readings(self.get("answer"), options, self._first)), [])
