"""单选, 多选, 不定项: options, and the letters of the right ones from wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studyhub.questions.formats.exchange import Choice, Item
from studyhub.questions.formats.layout import answers, gaps
from studyhub.questions.formats.layout.guess import Guess, among
from studyhub.questions.formats.layout.line import BOLD, COLOUR, UNDERLINE, Line
from studyhub.questions.formats.layout.parts import Option, Parts, concatenated


def item(parts: Parts, kind: str) -> tuple[Item, list[Guess]]:
    """The question, with the guesses that were made of it."""
    options = _options(parts.options)
    bare: Item = {"type": "single", "prompt": parts.stem.text, "options": options}
    found = _Answers(parts, bare)
    chosen = found.chosen
    if not chosen:
        if found.unread:
            return bare, [Guess("answer_unread", {"value": found.unread[:80]}, _each(bare, kind))]
        return bare, [Guess("no_answer", {}, _each(bare, kind))]
    question = bare | _typed(chosen, kind)
    missing = [letter for letter in chosen if letter not in options]
    if missing:
        return question, [Guess("answer_no_option", {"letters": "".join(missing)}, _each(bare, kind))]
    return question, _of_kind(bare, chosen, kind) + found.guesses(question, kind)


def _each(bare: Item, kind: str) -> tuple[Choice, ...]:
    """One reading for each option as the right one, where one is right."""
    if kind == "multiple":
        return ()
    return among(bare, {f"answer_{key}": {"type": "single", "answer": key} for key in bare["options"]})


def _options(found: Sequence[Option]) -> dict[str, str]:
    """The options by their letters; by their place where a letter stands twice."""
    letters = [option.letter for option in found]
    if len(set(letters)) == len(letters):
        return {option.letter: option.line.text for option in found}
    return {chr(ord("A") + at): option.line.text for at, option in enumerate(found[:26])}


def _typed(letters: str, kind: str) -> dict[str, Any]:
    several = kind in ("multiple", "indefinite") or len(letters) > 1
    return {"type": "multiple", "answer": list(letters)} if several else {"type": "single", "answer": letters}


def _of_kind(bare: Item, letters: str, kind: str) -> list[Guess]:
    """Where the heading and the number of right letters do not agree."""
    if kind == "single" and len(letters) > 1:
        readings = {f"single_{letter}": {"type": "single", "answer": letter} for letter in letters}
        return [Guess("single_with_several", {"letters": letters}, among(bare, readings))]
    if kind == "multiple" and len(letters) == 1:
        return [
            Guess("multiple_with_one", {}, among(bare, {"single": {"type": "single", "answer": letters}}))
        ]
    if kind in ("truefalse", "blank"):
        return [Guess("kind_differs")]
    return []


class _Answers:
    """What each place in the document says is right."""

    def __init__(self, parts: Parts, bare: Item) -> None:
        self._parts = parts
        self._bare = bare
        self.unread = ""
        self._told: dict[str, str] = {}
        self._unsure: list[Guess] = []
        for name in ("answer", "keyed"):
            self._read(name)
        self._read_brackets()
        ticked = "".join(option.letter for option in parts.options if option.ticked)
        if ticked:
            self._told["tick"] = "".join(sorted(set(ticked)))
        self._read_reasons()
        self._set_apart = self._read_marks()

    @property
    def chosen(self) -> str:
        return next(iter(self._told.values()), "") or self._set_apart

    def guesses(self, question: Item, kind: str) -> list[Guess]:
        """Places that say different things, and marks that may mean nothing."""
        said = {**self._told, **({"marks": self._set_apart} if self._set_apart and self._coloured else {})}
        different = dict.fromkeys(said.values())
        found = list(self._unsure)
        if len(different) > 1:
            readings = {f"by_{name}": _typed(letters, kind) for name, letters in said.items()}
            others = {name: one for name, one in readings.items() if one["answer"] != question["answer"]}
            found.append(Guess("answers_differ", {"answers": tuple(different)}, among(self._bare, others)))
        if not self._told and self._set_apart and not self._coloured:
            found.append(Guess(self._by, {"letters": self._set_apart}))
        return found

    def _read(self, name: str) -> None:
        lines = [line for line in self._parts.fields.get(name, ()) if not line.blank]
        if not lines:
            return
        letters, rest = self._letters(lines[0])
        if letters:
            self._told[name] = letters
            said = [Line(rest)] if rest else []
            if said or lines[1:]:
                self._parts.fields.setdefault("explanation", [])[:0] = [*said, *lines[1:]]
        else:
            self.unread = self.unread or lines[0].text

    def _letters(self, line: Line) -> tuple[str, str]:
        """The letters, and what is said behind them. An option's own words stand for its letter."""
        found = answers.letters(line.half)
        if found:
            return found, ""
        words = {_bare(option.line): option.letter for option in self._parts.options}
        if _bare(line) in words:
            return words[_bare(line)], ""
        more = answers.letters_and_more(line.text, line.half)
        if more is None:
            return "", ""
        letters, rest = more
        if len(letters) == 1 and words.get(answers.bare(rest)) == letters:
            return letters, ""
        return "".join(sorted(set(letters))), rest

    def _read_reasons(self) -> None:
        """Where nothing else says what is right, the explanation may: 正确答案C, 故选C."""
        if not self._told:
            explained = concatenated(self._parts.fields.get("explanation", []))
            letters = answers.reasoned(explained.half)
            if self._fits(letters):
                self._told["explanation"] = letters

    def _read_brackets(self) -> None:
        stem = self._parts.stem
        found = [gap for gap in gaps.bracketed_letters(stem) if self._fits(gap.inside)]
        if not found and not self._told:
            found = [gap for gap in gaps.small_letter(stem) if self._fits(gap.inside)]
        if not found or (self._told and found[-1].inside not in self._told.values() and len(found) > 1):
            return
        gap = found[-1]
        if len(found) > 1 and not self._told:
            self._unsure.append(Guess("several_brackets", {"letters": tuple(one.inside for one in found)}))
        self._told["bracket"] = gap.inside
        self._bare["prompt"] = gaps.emptied(stem, gap)

    def _fits(self, letters: str) -> bool:
        return bool(letters) and set(letters) <= {option.letter for option in self._parts.options}

    def _read_marks(self) -> str:
        """The letters of options that are set apart by colour, else by bold or a line, and others not."""
        self._coloured, self._by = False, ""
        for mark in (COLOUR, BOLD, UNDERLINE):
            marked = [option.letter for option in self._parts.options if option.set_apart(mark)]
            if marked and len(marked) < len(self._parts.options):
                self._coloured = mark == COLOUR
                self._by = "answer_underlined" if mark == UNDERLINE else "answer_in_bold"
                return "".join(sorted(set(marked)))
        everything = all(option.set_apart(COLOUR) for option in self._parts.options)
        if not everything or self._told or self._parts.stem.set_apart(COLOUR):
            return ""
        self._coloured = True
        self._unsure.append(Guess("all_coloured"))
        return "".join(sorted(option.letter for option in self._parts.options))


def _bare(line: Line) -> str:
    return answers.bare(line.text)
