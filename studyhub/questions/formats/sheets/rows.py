"""One row of a sheet → a question, in all the spellings that people use for answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from studyhub.questions.bank_keys import SPOKEN_DIFFICULTIES, SPOKEN_TYPES
from studyhub.questions.fields import NUMBER
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.formats.layout import gaps, signs
from studyhub.questions.formats.layout.gaps import Gap
from studyhub.questions.formats.layout.line import Line as Text
from studyhub.questions.formats.layout.parts import parts_of
from studyhub.questions.formats.sheets import variables
from studyhub.questions.formats.sheets.cells import (
    ALTERNATIVES,
    LABEL,
    LINES,
    LISTED,
    halves,
    parted,
    split,
    unlabelled,
    unquoted,
)
from studyhub.questions.formats.sheets.columns import FEEDBACK, OPTION
from studyhub.questions.types import TYPES
from studyhub.questions.types.blank import MARK
from studyhub.questions.types.truefalse import read_verdict
from studyhub.questions.variables import BRACES

Doubt = Callable[..., None]

ARROWS = ("→", "->", "=>", "＝", "=", "：", ":", "—")
_MORE_TYPES = {
    **dict.fromkeys(("选择", "选择题", "multiple choice", "choice"), ""),
    **dict.fromkeys(("single choice", "单选择题"), "single"),
    **dict.fromkeys(("不定项", "多选择题", "multiple response"), "multiple"),
    **dict.fromkeys(("是非", "是非题", "对错题"), "truefalse"),
    **dict.fromkeys(("fill in the blank", "fill in the blanks"), "blank"),
    **dict.fromkeys(("计算", "数字题"), "number"),
    **dict.fromkeys(("short answer", "主观题"), "essay"),
}
"""Words for types beside those of the bank file; "": the options and the answer tell which."""

_OF_HEADINGS = {"choice": "", "indefinite": "multiple", "passage": ""}
"""What headings of papers call types: 名词解释, 案例分析题."""

_PARTED = re.compile(r"[\s,，;；、/|.+]+")
_LETTERS = re.compile(r"[A-Z](?:[\s,，;；、/|.和与+]*[A-Z])*\.?")
_GAP = re.compile(r"_{2,}|＿{2,}|[（(][ \t\u3000_]*[)）]|【[ \t\u3000]*】")
_SLASH = re.compile(r"[\u4e00-\u9fff]\s*[/／]\s*[\u4e00-\u9fff]")
_AROUND = re.compile(r"(.+?)\s*(?:±|\+/-|\+-)\s*(.+)")
_TEXTS = ("explanation", "unit", "model_answer", "review_by")
_VERDICTS = {"Y": True, "N": False}
_YES = {"true", "yes", "y", "1", "是", "√", "对"}


@dataclass(slots=True)
class Line:
    """The cells of a row by column. `headers` are the words over the columns, to name them."""

    values: Mapping[str, str]
    headers: Mapping[str, str]
    doubt: Doubt

    def get(self, column: str) -> str:
        return self.values.get(column, "")

    def need(self, column: str) -> str:
        """The text of a cell that must be filled. Raises Skip with the word over its column."""
        header = self.headers.get(column, column)
        return self.get(column) or skip("cell_empty", at=(column,), column=header)

    def wrong(self, column: str, code: str, **params: Any) -> Any:
        """Raises Skip for what stands in a cell."""
        header = self.headers.get(column, column)
        skip(code, at=(column,), column=header, value=self.get(column)[:80], **params)

    def item(self) -> Item:
        """The question. Raises Skip."""
        options = self._options()
        kind = self._type(options)
        item: Item = {"id": self.get("id"), "type": kind, "prompt": self.need("prompt")}
        return item | _BODIES[kind](self, options) | self._variables() | self.shared()

    def _options(self) -> dict[str, Any]:
        found = {letter: self.get(OPTION + letter) for letter in ascii_uppercase if self.get(OPTION + letter)}
        if found:
            return dict(unlabelled(found) or found)
        return _in_one_cell(self.get("options")) if self.get("options") else {}

    def _type(self, options: Mapping[str, str]) -> str:
        kind = kind_named(self.get("type"))
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
        self.doubt("type_guessed", f"{self.get('prompt')} {self.get('answer')}".strip(), type=kind)
        return kind

    def chosen(self, options: Mapping[str, Any]) -> list[str]:
        """The letters of the right options: ABD, `A,B,D`, `A、B`, their numbers, or one option's own text."""
        answer = self.need("answer")
        same = [key for key, text in options.items() if answer == text or _bare(answer, key) == text]
        plain = unicodedata.normalize("NFKC", answer).strip().upper()
        if _LETTERS.fullmatch(plain):
            letters = re.findall("[A-Z]", plain.replace("和", "").replace("与", ""))
        elif len(same) == 1:
            letters = same
        else:
            numbers = [part for part in _PARTED.split(plain) if part]
            if not all(part.isdigit() and 0 < int(part) <= len(options) for part in numbers):
                self.wrong("answer", "cell_no_option", keys=tuple(options))
            letters = [list(options)[int(part) - 1] for part in numbers]
        if not set(letters) <= options.keys():
            self.wrong("answer", "cell_no_option", keys=tuple(options))
        return list(dict.fromkeys(letters))

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
        if self.get("max_chars"):
            typed = self.get("max_chars")
            more["max_chars"] = int(typed) if re.fullmatch(r"[0-9]{1,6}", typed) else typed
        if self.get("difficulty"):
            word = self.get("difficulty").strip()
            more["difficulty"] = SPOKEN_DIFFICULTIES.get(word, word.lower())
        if self.get("tags"):
            more["tags"] = parted(self.get("tags"), LISTED)
        source = {key: text for key in ("document", "article", "version") if (text := self.get(key))}
        if source:
            more["source"] = source
        if self.get("retired").casefold() in _YES:
            more["retired"] = True
        return more


def _bare(answer: str, key: str) -> str:
    """An option's text where its letter stands before it."""
    label = LABEL.match(answer)
    return answer[label.end() :] if label and label[0].strip()[0].upper() == key else answer


def _in_one_cell(cell: str) -> dict[str, Any]:
    """All options of a cell: in lines, in a list, or one behind the other with their letters."""
    lettered = parts_of([Text(text) for text in cell.split("\n")])
    if lettered.regular and len(lettered.options) > 1 and lettered.stem.blank:
        texts = {option.letter: option.line.text for option in lettered.options}
        return {letter: text.rstrip("/|｜ ") or text for letter, text in texts.items()}
    listed = parted(cell, LINES)
    listed = listed if len(listed) > 1 else parted(cell, LISTED + ALTERNATIVES)
    found = dict(zip(ascii_uppercase, (LABEL.sub("", text, count=1) for text in listed), strict=False))
    # `A一|B二`: every one begins with its own letter.
    own = all(len(text) > 1 and text[0] == letter for letter, text in found.items())
    return {letter: text[1:].strip() for letter, text in found.items()} if own else found


def kind_named(word: str) -> str | None:
    """The type that a word means; "" where the other cells tell, None for no word that is known."""
    plain = unicodedata.normalize("NFKC", word).strip().casefold()
    if not plain or plain in TYPES:
        return plain
    known = SPOKEN_TYPES.get(plain) or _MORE_TYPES.get(plain)
    kind = "" if known is not None else signs.kind_word(plain)[0]
    return _OF_HEADINGS.get(kind, kind) if kind else known


def _choice(line: Line, options: dict[str, str]) -> Item:
    if len(options) < 2:
        line.need(OPTION + "A")
        line.need(OPTION + "B")
    told = {
        key: {"text": text, "feedback": line.get(FEEDBACK + key)} if line.get(FEEDBACK + key) else text
        for key, text in options.items()
    }
    return {"options": told} | _marked(line) | _pinned(line)


def _single(line: Line, options: dict[str, str]) -> Item:
    chosen = _bracketed(line, options) or line.chosen(options)
    if len(chosen) != 1:
        line.wrong("answer", "cell_one_letter")
    return _choice(line, options) | {"answer": chosen[0]} | _without_key(line, options, chosen)


def _multiple(line: Line, options: dict[str, str]) -> Item:
    chosen = sorted(_bracketed(line, options) or line.chosen(options))
    if len(chosen) == 1 and "不定项" not in line.get("type"):
        line.doubt("multiple_with_one", line.get("prompt"))
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
        line.doubt("answers_differ", line.get("prompt"), answers=("".join(chosen), gap.inside))
        return {}
    return {"prompt": gaps.emptied(Text(line.get("prompt")), gap)}


def _marked(line: Line) -> Item:
    return {"marking": line.get("marking")} if line.get("marking") else {}


def _pinned(line: Line) -> Item:
    word = line.get("shuffle")
    return {"shuffle": False} if word and word.casefold() not in _YES else {}


def _truefalse(line: Line, options: dict[str, str]) -> Item:
    answer = line.need("answer")
    # Many sheets give such questions the options 正确 and 错误 and a letter.
    verdict = read_verdict(options.get(answer.strip().upper(), answer))
    verdict = _VERDICTS.get(answer.strip().upper()) if verdict is None else verdict
    if verdict is None and answer.strip().upper() in ("A", "B") and not options:
        verdict = answer.strip().upper() == "A"
        line.doubt("letter_for_verdict", answer)
    if verdict is None:
        line.wrong("answer", "cell_no_verdict")
    prompt = line.get("prompt")
    gap = gaps.bracketed_verdict(Text(prompt))
    if gap is None:
        return {"answer": verdict}
    if read_verdict(gap.inside) != verdict:
        line.doubt("answers_differ", prompt, answers=("√" if verdict else "×", gap.inside))
        return {"answer": verdict}
    # Who sits the paper would read the answer.
    return {"answer": verdict, "prompt": f"{prompt[: gap.start]}（　　）{prompt[gap.end :]}".strip()}


def _blank(line: Line, options: dict[str, str]) -> Item:
    prompt = _numbered(line.need("prompt"))
    blanks = len(MARK.findall(prompt))
    cell = line.need("answer")
    lists = [parted(piece, ALTERNATIVES) for piece in split(cell, LINES)]
    if len(lists) != blanks and len(lists) == 1:
        tries = (split(cell, signs) for signs in (";；", ALTERNATIVES, "、", ",，"))
        fitting = next((pieces for pieces in tries if len(pieces) == blanks), None)
        lists = [[unquoted(piece)] for piece in fitting] if fitting else lists
    if len(lists) != blanks:
        line.wrong("answer", "cell_blanks", blanks=blanks, texts=len(lists))
    more = {key: line.get(key) for key in ("order", "case") if line.get(key)}
    unsure = [text for texts in lists for text in texts if _SLASH.search(text)]
    if unsure:
        line.doubt("alternatives", line.get("prompt"), value="；".join(unsure)[:80])
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
