"""Reading GIFT as Moodle documents it: names, formats, escapes, comments, categories, weights, feedback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from studyhub.questions.fields import NUMBER
from studyhub.questions.formats import from_markup, html_source, weights
from studyhub.questions.formats.decoding import prose
from studyhub.questions.formats.exchange import Item, Place, Reading, Source, skip
from studyhub.questions.formats.identity import slug_of
from studyhub.questions.formats.layout.line import Held, foreign_signs_shown

# While a question is taken apart, each escaped sign is another character that no text holds.
_ESCAPES = {r"\\": "\ufdd0", r"\~": "\ufdd1", r"\=": "\ufdd2", r"\#": "\ufdd3", r"\{": "\ufdd4",
            r"\}": "\ufdd5", r"\:": "\ufdd6", r"\n": "\ufdd7"}  # fmt: skip
_HIDE = re.compile(r"\\[\\~=#{}:n]")
_SHOW = str.maketrans({hidden: "\n" if sign == r"\n" else sign[1] for sign, hidden in _ESCAPES.items()})
_NO_TEXT = str.maketrans(dict.fromkeys("\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6\ufdd7"))

_FACT = re.compile(r"\[(id|tag|bank|title|language):((?:\\.|[^\]\\])*)\]")
_ESCAPED = re.compile(r"\\(.)")
_NAME = re.compile(r"::(.*?)::", re.S)
_LAST_BREAK = re.compile(r"[ \t]*\n\s*\Z")
_MARKED = re.compile(r"\s*\[(markdown|html|plain|moodle)\]")
_WEIGHT = re.compile(r"\s*%([+-]?\d{1,3}(?:\.\d{1,10})?)%")
_VERDICTS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_TOP = re.compile(r"\$[a-z]+\$|top|Default for .*", re.I)
_MARKUP = re.compile(r"<(?:p|br|b|i|em|strong|img|ul|ol|li|div|span|sub|sup|table|a|code|pre)\b[^>]*>", re.I)
LONGEST = 100_000
_BLANK = "\\_\\_\\_\\_\\_"


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer: right (`=`) or wrong (`~`), its weight in per cent or None, its text, its feedback."""

    right: bool
    weight: Decimal | None
    text: str
    feedback: str

    @property
    def counts(self) -> bool:
        """Whether it is the whole answer."""
        return self.right if self.weight is None else self.weight >= weights.FULL


def read(source: Source) -> Reading:
    reading = Reading()
    tags: list[str] = []
    for number, (facts, text) in enumerate(_questions(prose(source.data), reading, tags), 1):
        reader = _Question(facts, text, tuple(tags), reading)
        reading.add(Place.question(number, reader.name), partial(reader.item))
    return reading


def _questions(text: str, reading: Reading, tags: list[str]) -> Iterator[tuple[dict[str, Any], str]]:
    """The text of each question, with what the comment above it says; `tags` follow the category."""
    facts: dict[str, Any] = {"tags": []}
    lines: list[str] = []
    for line in [*text.split("\n"), ""]:
        plain = line.strip()
        # What stands below whole questions is said of the next, empty line or not.
        of_next = plain.startswith(("//", "$CATEGORY:")) and _is_whole(lines)
        if lines and (of_next or not plain):
            for one in _parted(lines):
                yield facts, "\n".join(one)
                facts = {"tags": []}
            lines = []
        if plain.startswith("//"):
            _remember(plain, facts, reading)
        elif plain.startswith("$CATEGORY:") and not lines:
            tags[:] = category_parts(plain.removeprefix("$CATEGORY:"))
        elif plain:
            lines.append(line)


def _is_whole(lines: list[str]) -> bool:
    """Whether the last braces are closed, with nothing behind them."""
    return bool(lines) and _HIDE.sub("", lines[-1]).rstrip().endswith("}")


def _parted(lines: list[str]) -> list[list[str]]:
    """The lines of each question, where nobody left an empty line between them: one has one pair of braces.

    What follows the braces at the end of a line begins the next question; after braces within a line it may
    belong to either, and stays.
    """
    parts: list[list[str]] = [[]]
    rest: list[str] = []
    complete = False
    for line in lines:
        bare = _HIDE.sub("", line)
        if complete and (bare.lstrip().startswith("::") or "{" in bare):
            ended = parts[-1][-1].rstrip().endswith("}")
            parts[-1] += [] if ended else rest
            parts.append([*(rest if ended else ()), line])
            rest, complete = [], "}" in bare
        elif complete:
            rest.append(line)
        else:
            parts[-1].append(line)
            complete = "}" in bare
    parts[-1] += rest
    return parts


def _remember(comment: str, facts: dict[str, Any], reading: Reading) -> None:
    for kind, value in _FACT.findall(comment[:LONGEST]):
        plain = _ESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1], value)
        if kind == "tag":
            facts["tags"].append(plain)
        elif kind == "id":
            facts["id"] = plain
        else:
            reading.head[kind] = plain


def category_parts(path: str) -> list[str]:
    """The names in a category's path, from the top, without those that Moodle gives by itself."""
    parts = re.split(r"(?<!/)/(?!/)", path.strip())
    return [part.strip().replace("//", "/") for part in parts if part.strip() and not _TOP.fullmatch(part)]


class _Question:
    """One question of the file, taken apart."""

    def __init__(self, facts: dict[str, Any], text: str, tags: tuple[str, ...], reading: Reading) -> None:
        hidden = _HIDE.sub(lambda match: _ESCAPES[match[0]], text.translate(_NO_TEXT)[: LONGEST + 1])
        named = _NAME.match(hidden.lstrip())
        self.name = " ".join(named[1].translate(_SHOW).split())[:80] if named else ""
        self._rest = hidden.lstrip()[named.end() :] if named else hidden
        self._facts = facts
        self._tags = list(dict.fromkeys([*tags, *facts["tags"]]))
        self._reading = reading
        self._format = ""

    def tell(self, code: str, **params: Any) -> None:
        self._reading.note(code, **params)

    def item(self) -> Item:
        """The question. Raises Skip."""
        if len(self._rest) > LONGEST:
            skip("html_too_long", longest=LONGEST)
        before, inner, after = self._taken_apart()
        marked = _MARKED.match(before)
        if marked:
            self._format, before = marked[1], before[marked.end() :]
        answers, _, explanation = inner.partition("####")
        item: Item = {"id": self._facts.get("id") or slug_of(self.name)}
        item |= self._typed(before, answers.strip(), after)
        if explanation.strip():
            item["explanation"] = self._text(explanation)
        return item | ({"tags": self._tags} if self._tags else {})

    def _taken_apart(self) -> tuple[str, str, str]:
        before, opened, rest = self._rest.partition("{")
        inner, closed, after = rest.partition("}")
        if not opened:
            skip("description")
        if not closed:
            skip("gift_unclosed")
        if "{" in after:
            self._reading.doubt("gift_joined", self._rest.translate(_SHOW).strip())
        return before, inner, after

    def _typed(self, before: str, answers: str, after: str) -> Item:
        prompt = self._text(before) + (f" {_BLANK} {self._text(after)}" if after.strip() else "")
        if not answers:
            return {"type": "essay", "prompt": prompt}
        if answers.startswith("#"):
            return {"type": "number", "prompt": prompt} | self._number(answers[1:])
        verdict, _, feedback = answers.partition("#")
        if verdict.strip().upper() in _VERDICTS:
            if feedback.strip():
                self.tell("key_lost", key="feedback")
            return {"type": "truefalse", "prompt": prompt, "answer": _VERDICTS[verdict.strip().upper()]}
        listed = list(self._answers(answers))
        if any(not answer.right for answer in listed):
            return {"prompt": prompt} | self._choice(listed)
        if listed and all("->" in answer.text for answer in listed):
            return {"type": "match", "prompt": prompt} | self._match(listed)
        return self._blank(before, listed, after)

    def _answers(self, text: str) -> Iterator[_Answer]:
        pieces = re.split(r"([=~])", text)
        if pieces[0].strip() or len(pieces) < 3:
            skip("gift_answers")
        for sign, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            weight = _WEIGHT.match(piece)
            body, _, feedback = (piece[weight.end() :] if weight else piece).partition("#")
            yield _Answer(sign == "=", Decimal(weight[1]) if weight else None, body.strip(), feedback.strip())

    def _choice(self, listed: list[_Answer]) -> Item:
        options: dict[str, Any] = {}
        for at, answer in enumerate(listed):
            text, feedback = self._text(answer.text), self._text(answer.feedback)
            options[_letter(at)] = {"text": text, "feedback": feedback} if feedback else text
        full = [_letter(at) for at, answer in enumerate(listed) if answer.counts]
        if any(answer.right for answer in listed):
            return self._single(options, full, listed)
        shares = [answer.weight or Decimal(0) for answer in listed]
        rule = weights.marking_of(shares, self.tell)
        right = [_letter(at) for at, share in enumerate(shares) if share > 0]
        return {"type": "multiple", "options": options, "answer": right} | rule

    def _single(self, options: dict[str, Any], full: list[str], listed: list[_Answer]) -> Item:
        if len(full) != 1:
            skip("one_right_answer", count=len(full))
        if any(answer.weight and not answer.counts for answer in listed):
            self.tell("weights_lost")
        return {"type": "single", "options": options, "answer": full[0]}

    def _match(self, listed: list[_Answer]) -> Item:
        pairs: dict[str, str] = {}
        distractors = []
        for answer in listed:
            left, _, right = answer.text.partition("->")
            left, right = self._text(left), self._text(right)
            if left in pairs:
                skip("left_twice", text=left[:80])
            if left:
                pairs[left] = right
            else:
                distractors.append(right)
        return {"pairs": pairs} | ({"distractors": distractors} if distractors else {})

    def _blank(self, before: str, listed: list[_Answer], after: str) -> Item:
        accepted = [_typed(answer.text) for answer in listed if answer.counts]
        if not accepted:
            skip("no_right_answer")
        if len(accepted) < len(listed):
            self.tell("weights_lost")
        if any(answer.feedback for answer in listed):
            self.tell("key_lost", key="feedback")
        start = self._text(_LAST_BREAK.sub(" ", before), strip=False)
        return {
            "type": "blank",
            "prompt": f"{start.lstrip()}[[1]]{self._text(after, strip=False).rstrip()}",
            "answer": [accepted],
        }

    def _number(self, text: str) -> Item:
        """`3.14:0.01`, `1..5`, or several with weights, of which the first whole one is taken."""
        if not text.strip().startswith("="):
            text = f"={text}"
        listed = [answer for answer in self._answers(text) if answer.right]
        whole = [answer for answer in listed if answer.counts]
        if not whole:
            skip("no_right_answer")
        weights.first_number(len(whole), len(listed), self.tell)
        if any(answer.feedback for answer in listed):
            self.tell("key_lost", key="feedback")
        return numeric(whole[0].text.translate(_SHOW))

    def _text(self, text: str, *, strip: bool = True) -> str:
        marked = _MARKED.match(text)
        form, text = (marked[1], text[marked.end() :]) if marked else (self._format, text)
        shown = text.translate(_SHOW)
        shown = shown.strip() if strip else shown
        if form == "markdown":
            return shown
        if form == "html" or _MARKUP.search(shown):
            return from_markup.of_html(shown, tell=lambda tag: self.tell("element_lost", tag=tag))
        if form != "plain":
            shown = html_source.without_entities(shown)
        held = Held()
        kept = from_markup.formulas_held(foreign_signs_shown(shown), held.hold)
        return held.released(from_markup.literal(kept))


def _typed(text: str) -> str:
    """A text that a member's typing is compared with: nothing in it is markup, `2*3` least of all."""
    marked = _MARKED.match(text)
    shown = (text[marked.end() :] if marked else text).translate(_SHOW).strip()
    return html_source.parse(shown).text if marked and marked[1] == "html" else shown


def numeric(text: str) -> Item:
    """The answer and the tolerance of `3.14:0.01`, `1..5` or a bare number. Raises Skip."""
    low, dots, high = (part.strip() for part in text.partition(".."))
    if dots and NUMBER.fullmatch(low) and NUMBER.fullmatch(high):
        least, most = Decimal(low), Decimal(high)
        answer, tolerance = (least + most) / 2, abs(most - least) / 2
        return {"answer": format(answer, "f"), "tolerance": format(tolerance, "f")}
    value, _, within = (part.strip() for part in text.partition(":"))
    if not NUMBER.fullmatch(value) or (within and not NUMBER.fullmatch(within)):
        skip("no_number", value=text.strip()[:80])
    return {"answer": value} | ({"tolerance": within} if within and Decimal(within) else {})


def _letter(at: int) -> str:
    if at >= 26:
        skip("too_many_options", most=26)
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at]
