"""Aiken, Moodle's simplest format: a line, lettered options, `ANSWER: B`. Plain text, single choice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from string import ascii_uppercase

from studyhub.questions.formats import evidence
from studyhub.questions.formats.carrying import Tell, carry
from studyhub.questions.formats.decoding import prose
from studyhub.questions.formats.exchange import (
    Carried,
    Draft,
    Format,
    Item,
    Note,
    Place,
    Reading,
    Source,
    Writing,
    skip,
)
from studyhub.questions.formats.from_markup import literal
from studyhub.questions.formats.to_markup import plain

CARRIES: Carried = {"single": frozenset({"options", "answer"})}
_OPTION = re.compile(r"\s*([A-Z])\s*[.)．、）]\s*(.*)")
_ANSWER = re.compile(r"\s*ANSWERS?\s*[:：]\s*(.*)", re.I)
_LETTERS = re.compile(r"[A-Z](?:[\s,;、]*[A-Z])*")


@dataclass(slots=True)
class _Block:
    prompt: list[str] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)
    answer: str = ""
    twice: str = ""

    def take(self, line: str) -> None:
        option = _OPTION.fullmatch(line)
        if option and (self.options or self.prompt):
            letter = option[1]
            self.twice = self.twice or (letter if letter in self.options else "")
            self.options[letter] = [option[2]]
        elif not self.options:
            self.prompt.append(line)
        elif line.strip():
            next(reversed(self.options.values())).append(line)

    def left_by(self, line: str) -> _Block | None:
        """The question that begins when A stands a second time: what follows the last option is its line.
        This one was left without an answer."""
        option = _OPTION.fullmatch(line)
        first, last = next(iter(self.options), ""), next(reversed(self.options.values()), [])
        if option is None or option[1] != first or len(last) < 2:
            return None
        prompt = last[1:]
        del last[1:]
        return _Block(prompt)

    def item(self) -> Item:
        """The question. Raises Skip."""
        right = re.findall("[A-Z]", self.answer) if _LETTERS.fullmatch(self.answer) else []
        if not self.answer or not right:
            skip("aiken_answer", value=self.answer[:80])
        if self.twice:
            skip("option_twice", key=self.twice)
        options = {key: literal("\n".join(lines).strip()) for key, lines in self.options.items()}
        kind, answer = ("single", right[0]) if len(right) == 1 else ("multiple", right)
        return {
            "type": kind,
            "prompt": literal("\n".join(self.prompt).strip()),
            "options": options,
            "answer": answer,
        }


def read(source: Source) -> Reading:
    reading = Reading()
    for number, block in enumerate(_blocks(prose(source.data)), 1):
        reading.add(Place.question(number), partial(block.item))
    return reading


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block()
    for line in text.split("\n"):
        answer = _ANSWER.fullmatch(line)
        if answer:
            block.answer = answer[1].strip().upper()
            yield block
            block = _Block()
        elif line.strip():
            following = block.left_by(line)
            if following:
                yield block
                block = following
            block.take(line.strip())
    if block.prompt or block.options:
        yield block


def write(draft: Draft) -> Writing:
    made, writing = carry(draft, CARRIES, _question, frozenset())
    writing.data = "\n".join(made).encode()
    writing.suffix = ".txt"
    writing.notes.append(Note("ids_lost"))
    return writing


def _question(item: Item, tell: Tell) -> str:
    lines = [_one_line(item["prompt"], tell)]
    letters = dict(zip(item["options"], ascii_uppercase, strict=False))
    for key, option in item["options"].items():
        text = option["text"] if isinstance(option, dict) else option
        lines.append(f"{letters[key]}. {_one_line(text, tell)}")
    if _OPTION.fullmatch(lines[0]) or any(_ANSWER.fullmatch(line) for line in lines):
        skip("looks_like_option")
    return "\n".join([*lines, f"ANSWER: {letters[item['answer']]}", ""])


def _one_line(markdown: str, tell: Tell) -> str:
    text = plain(markdown)
    if not text:
        skip("nothing_but_images")
    if literal(text) != markdown:
        tell("formatting_lost")
    return text


def recognises(source: Source) -> bool:
    return evidence.of(source).strongest == "aiken"


FORMAT = Format("aiken", ".txt", CARRIES, recognises, read, write)
