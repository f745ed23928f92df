"""One row of a sheet → a question, in all the spellings that people use for answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from studyhub.questions.fields import NUMBER
from studyhub.questions.formats.exchange import Choice, Item, Skip, skip
from studyhub.questions.formats.layout import answers, gaps
from studyhub.questions.formats.layout.gaps import Gap
from studyhub.questions.formats.layout.line import Line as Text
from studyhub.questions.formats.sheets import variables
from studyhub.questions.formats.sheets.cells import (
    ALTERNATIVES,
    LINES,
    LISTED,
    halves,
    parted,
    split,
    unlabelled,
    unquoted,
)
from studyhub.questions.formats.sheets.choosing import in_one_cell, readings
from studyhub.questions.formats.sheets.columns import FEEDBACK, OPTION, counts_from_zero, legend
from studyhub.questions.formats.sheets.kinds import difficulty_named, kind_named
from studyhub.questions.types.blank import MARK
from studyhub.questions.types.truefalse import read_verdict
from studyhub.questions.variables import BRACES

Doubt = Callable[..., None]
Others = Mapping[str, Mapping[str, str]]
"""Other readings of a row by their names: the cells that would say so, by column."""

ARROWS = ("→", "->", "=>", "＝", "=", "：", ":", "—")
_GAP = re.compile(r"_{2,}|＿{2,}|[（(][ \t\u3000_]*[)）]|【[ \t\u3000]*】")
_SLASH = re.compile(r"([\u4e00-\u9fff])\s*[/／]\s*(?=[\u4e00-\u9fff])")
_AROUND = re.compile(r"(.+?)\s*(?:±|\+/-|\+-)\s*(.+)")
_TEXTS = ("explanation", "unit", "model_answer")
_VERDICTS = {
    **dict.fromkeys(("Y", "V", "真", "勾", "对的", "正确的", "同意"), True),
    **dict.fromkeys(("N", "X", "假", "叉", "错的", "错误的", "不同意"), False),
}
_YES = {"true", "yes", "y", "1", "是", "√", "对"}
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True, slots=True)
class Line:
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
        return item | _BODIES[kind](self, options) | self._variables() | self.shared()

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

    def _type(self, options: Mapping[str, str]) -> str:
        kind = kind_named(self.word("type"))
        kind = kind_named(self.get("type")) if kind is None else kind
        if kind in _BODIES:
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
        kind = "blank" if _GAP.search(self.get("prompt")) or MARK.search(self.get("prompt")) else "essay"
        kind = "number" if kind == "essay" and NUMBER.fullmatch(self.get("answer")) else kind
        others = {f"type_{other}": {"type": other} for other in ("blank", "number", "essay") if other != kind}
        self.doubt("type_guessed", others, type=kind)
        return kind

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
        if self.get("retired").casefold() in _YES:
            more["retired"] = True
        return more


def _choice(line: Line, options: dict[str, str]) -> Item:
    if len(options) < 2 and "options" not in line.headers:
        line.need(OPTION + "A")
        line.need(OPTION + "B")
    told = {
        key: {"text": text, "feedback": line.get(FEEDBACK + key)} if line.get(FEEDBACK + key) else text
        for key, text in options.items()
    }
    return {"options": told} | _marked(line) | _pinned(line)


def _single(line: Line, options: dict[str, str]) -> Item:
    chosen = _bracketed(line, options) or line.chosen(options, one=True)
    if len(chosen) != 1:
        line.wrong("answer", "cell_one_letter")
    return _choice(line, options) | {"answer": chosen[0]} | _without_key(line, options, chosen)


def _multiple(line: Line, options: dict[str, str]) -> Item:
    chosen = sorted(_bracketed(line, options) or line.chosen(options))
    if len(chosen) == 1 and "不定项" not in line.get("type"):
        line.doubt("multiple_with_one", {"single": {"type": "single"}})
    return _choice(line, options) | {"answer": chosen} | _without_key(line, options, chosen)


def _gap(line: Line, options: Mapping[str, str]) -> Gap | None:
    """The last bracket of the prompt that holds letters of options, as papers have it."""
    found = gaps.bracketed_letters(Text(line.get("prompt")))
    return next((gap for gap in reversed(found) if gap.inside and set(gap.inside) <= options.keys()), None)


def _bracketed(line: Line, options: Mapping[str, str]) -> list[str]:
    """The answer as it stands in the prompt, where its own cell is empty."""
    gap = None if line.get("answer") else _gap(line, options)
    return list(gap.inside) if gap else []


def _without_key(line: Line, options: Mapping[str, str], chosen: Sequence[str]) -> Item:
    """The prompt without the answer in its bracket, which who sits the paper would read."""
    gap = _gap(line, options)
    if gap is None:
        return {}
    if set(gap.inside) != set(chosen):
        others = {"by_bracket": {"answer": gap.inside}}
        line.doubt("answers_differ", others, answers=("".join(chosen), gap.inside))
        return {}
    return {"prompt": gaps.emptied(Text(line.get("prompt")), gap)}


def _marked(line: Line) -> Item:
    return {"marking": line.get("marking")} if line.get("marking") else {}


def _pinned(line: Line) -> Item:
    word = line.get("shuffle")
    return {"shuffle": False} if word and word.casefold() not in _YES else {}


def _truefalse(line: Line, options: dict[str, str]) -> Item:
    verdict = _verdict(line, options)
    prompt = line.get("prompt")
    gap = gaps.bracketed_verdict(Text(prompt))
    if gap is None:
        return {"answer": verdict}
    if read_verdict(gap.inside) != verdict:
        others = {"by_bracket": {"answer": gap.inside}}
        line.doubt("answers_differ", others, answers=("√" if verdict else "×", gap.inside))
        return {"answer": verdict}
    # Who sits the paper would read the answer.
    return {"answer": verdict, "prompt": f"{prompt[: gap.start]}（　　）{prompt[gap.end :]}".strip()}


def _verdict(line: Line, options: dict[str, str]) -> bool:
    """What the answer says: a word or sign, or the letter or number of an option that says it."""
    line.need("answer")
    answer = unicodedata.normalize("NFKC", line.word("answer")).strip().upper()
    named = next(iter(line.of_options(options)), "") if options else ""
    verdict = answers.verdict(options.get(named, answer))
    verdict = _VERDICTS.get(answer) if verdict is None else verdict
    if verdict is not None:
        return verdict
    guess = None if options else {"A": True, "B": False, "1": True, "0": False}.get(answer)
    if guess is None:
        line.wrong("answer", "cell_no_verdict")
    code = "number_for_verdict" if answer.isdigit() else "letter_for_verdict"
    line.doubt(code, {"false": {"answer": "false"}} if guess else {"true": {"answer": "true"}})
    return bool(guess)


def _blank(line: Line, options: dict[str, str]) -> Item:
    prompt = _numbered(line.need("prompt"))
    blanks = len(MARK.findall(prompt))
    cell = line.need("answer")
    lists = [parted(piece, ALTERNATIVES) for piece in split(cell, LINES)]
    if not blanks and len(lists) == 1:
        line.doubt("no_blank")
        prompt, blanks = prompt + "[[1]]", 1
    if len(lists) != blanks and len(lists) == 1:
        tries = (split(cell, signs) for signs in (";；", ALTERNATIVES, "、", ",，"))
        fitting = next((pieces for pieces in tries if len(pieces) == blanks), None)
        lists = [[unquoted(piece)] for piece in fitting] if fitting else lists
    if len(lists) != blanks:
        line.wrong("answer", "cell_blanks", blanks=blanks, texts=len(lists))
    more = {key: line.get(key) for key in ("order", "case") if line.get(key)}
    unsure = [text for texts in lists for text in texts if _SLASH.search(text)]
    if unsure:
        others = {"alternatives": {"answer": _SLASH.sub(r"\1|", cell)}}
        line.doubt("alternatives", others, value="；".join(unsure)[:80])
    return {"prompt": prompt, "answer": lists} | more


def _numbered(prompt: str) -> str:
    """The prompt with its gaps (`____`, `（ ）`) as numbered blanks, unless it has such already."""
    if MARK.search(prompt):
        return prompt
    count = iter(range(1, 1000))
    return _GAP.sub(lambda match: f"[[{next(count)}]]", prompt)


def _number(line: Line, options: dict[str, str]) -> Item:
    answer, tolerance = line.need("answer"), line.get("tolerance")
    around = _AROUND.fullmatch(answer)
    if around and not tolerance:
        answer, tolerance = around[1], around[2]
    if not NUMBER.fullmatch(answer) and not BRACES.search(answer):
        line.wrong("answer", "cell_no_number")
    return {"answer": answer} | ({"tolerance": tolerance} if tolerance else {})


def _match(line: Line, options: dict[str, str]) -> Item:
    column = "pairs" if line.get("pairs") else "answer"
    pairs: dict[str, str] = {}
    for text in split(line.need(column), LINES):
        pair = halves(text, ARROWS)
        if pair is None or pair[0] in pairs:
            line.wrong(column, "cell_no_pair")
            break
        pairs[pair[0]] = pair[1]
    rest = parted(line.get("distractors"), LINES)
    return {"pairs": pairs} | ({"distractors": rest} if rest else {}) | _pinned(line)


def _order(line: Line, options: dict[str, str]) -> Item:
    return {"items": _in_order(line, options)} | _marked(line) | _pinned(line)


def _in_order(line: Line, options: dict[str, str]) -> list[str]:
    """The items: each on a line of its own, or the options in the order of the answer (`CABD`)."""
    if line.get("items"):
        return parted(line.get("items"), LINES)
    letters = re.findall("[A-Z]", unicodedata.normalize("NFKC", line.need("answer")).upper())
    if options and sorted(letters) == sorted(options):
        return [options[letter] for letter in letters]
    listed = parted(line.get("answer"), LINES)
    return listed if len(listed) > 1 else parted(line.get("answer"), LINES + "→")


def _essay(line: Line, options: dict[str, str]) -> Item:
    rubric = []
    for text in split(line.get("rubric"), LINES):
        pair = halves(text, ARROWS[:4]) or line.wrong("rubric", "cell_no_rubric")
        rubric.append({"for": pair[0], "points": pair[1]})
    answer = line.get("answer")
    return ({"rubric": rubric} if rubric else {}) | (
        {"model_answer": answer} if answer and not line.get("model_answer") else {}
    )


_BODIES: dict[str, Callable[[Line, dict[str, str]], Item]] = {
    "single": _single,
    "multiple": _multiple,
    "truefalse": _truefalse,
    "blank": _blank,
    "number": _number,
    "match": _match,
    "order": _order,
    "essay": _essay,
}
