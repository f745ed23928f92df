"""One row of a sheet → a question: its type, which it says or is guessed, and what any type may say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from studyhub.questions.fields import NUMBER
from studyhub.questions.formats.exchange import Item, Skip
from studyhub.questions.formats.sheets import variables
from studyhub.questions.formats.sheets.bodies import BODIES, GAP
from studyhub.questions.formats.sheets.cells import LISTED, parted, said_yes
from studyhub.questions.formats.sheets.kinds import difficulty_named, kind_named
from studyhub.questions.formats.sheets.record import Others, Record
from studyhub.questions.types.blank import MARK
from studyhub.questions.types.truefalse import read_verdict

_TEXTS = ("explanation", "unit", "model_answer")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True, slots=True)
class Line(Record):
    """A row that can be read as a question, of the type that it says."""

    def item(self) -> Item:
        """The question. Raises Skip, with what a person may choose instead."""
        try:
            return self._item()
        except Skip as found:
            if self.tell is not None and found.at:
                found.choices = self.choices(self._instead(found))
            raise

    def _item(self) -> Item:
        options = self.options
        kind = self._type(options)
        item: Item = {"id": self.get("id"), "type": kind, "prompt": self.need("prompt")}
        return item | BODIES[kind](self, options) | self._variables() | self.shared()

    def _instead(self, found: Skip) -> Others:
        """What a cell that cannot be read may have been meant to say."""
        if found.code == "cell_type":
            kinds = (
                ("single", "multiple") if len(self.options) > 1 else ("truefalse", "blank", "number", "essay")
            )
            return {f"type_{kind}": {"type": kind} for kind in kinds}
        if found.at != ("answer",):
            return {}
        if found.code == "cell_blanks":
            return {"alternatives": {"answer": self.get("answer").replace("\n", "|")}}
        if kind_named(self.get("type")) == "truefalse":
            return {"true": {"answer": "true"}, "false": {"answer": "false"}}
        if found.code == "cell_one_letter":
            letters = self.of_options(self.options)
            return {"multiple": {"type": "multiple"}} | {f"single_{key}": {"answer": key} for key in letters}
        if (
            found.code in ("cell_no_option", "cell_empty", "no_column")
            and kind_named(self.get("type")) != "multiple"
        ):
            return {f"answer_{key}": {"answer": key} for key in self.options}
        return {}

    def _type(self, options: Mapping[str, str]) -> str:
        kind = kind_named(self.word("type"))
        kind = kind_named(self.get("type")) if kind is None else kind
        if kind in BODIES:
            return kind
        if kind is None:
            self.wrong("type", "cell_type")
        return self._guessed(options)

    def _guessed(self, options: Mapping[str, str]) -> str:
        """Of which type it is, where the sheet does not say. What is more than counting is a doubt."""
        if len(options) > 1:
            return "single" if len(self.chosen(options)) == 1 else "multiple"
        kind = next(
            (kind for column, kind in (("pairs", "match"), ("items", "order")) if self.get(column)), ""
        )
        if kind or read_verdict(self.get("answer")) is not None:
            return kind or "truefalse"
        kind = "blank" if GAP.search(self.get("prompt")) or MARK.search(self.get("prompt")) else "essay"
        kind = "number" if kind == "essay" and NUMBER.fullmatch(self.get("answer")) else kind
        others = {f"type_{other}": {"type": other} for other in ("blank", "number", "essay") if other != kind}
        self.doubt("type_guessed", others, type=kind)
        return kind

    def _variables(self) -> Item:
        if not self.get("variables"):
            return {}
        found = variables.read(self.get("variables"))
        return {"variables": self.wrong("variables", "cell_variables") if found is None else found}

    def shared(self) -> Item:
        """What a question of any type may say."""
        more: Item = {key: text for key in _TEXTS if (text := self.get(key))}
        if self.get("points"):
            more["points"] = re.sub(r"\s*(?:分|points?)$", "", self.get("points"))
        if self.get("review_by"):
            day = _DAY.fullmatch(self.get("review_by"))
            more["review_by"] = (
                "-".join((day[1], day[2].zfill(2), day[3].zfill(2))) if day else self.get("review_by")
            )
        if self.get("max_chars"):
            typed = self.get("max_chars")
            more["max_chars"] = int(typed) if re.fullmatch(r"[0-9]{1,6}", typed) else typed
        if self.get("difficulty"):
            more["difficulty"] = difficulty_named(self.word("difficulty"), self.levels)
        if self.get("tags"):
            more["tags"] = parted(self.get("tags"), LISTED)
        source = {key: text for key in ("document", "article", "version") if (text := self.get(key))}
        if source:
            more["source"] = source
        if said_yes(self.get("retired")):
            more["retired"] = True
        return more
