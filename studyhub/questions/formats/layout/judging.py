"""判断: a statement and its verdict (√, 对, 正确 …), behind a label or in a bracket of the statement."""

from __future__ import annotations

from collections.abc import Sequence

from studyhub.questions.formats.exchange import Item
from studyhub.questions.formats.layout import answers, gaps
from studyhub.questions.formats.layout.gaps import Gap
from studyhub.questions.formats.layout.guess import Guess, among
from studyhub.questions.formats.layout.line import Line
from studyhub.questions.formats.layout.parts import Option, Parts

_READINGS = {"true": {"answer": True}, "false": {"answer": False}}


def are_verdicts(options: Sequence[Option]) -> bool:
    """Whether the options are 对 and 错, in whatever words."""
    return len(options) == 2 and {answers.verdict(option.line.half) for option in options} == {True, False}


def item(parts: Parts) -> tuple[Item, list[Guess]]:
    """The statement, with the guesses that were made of it."""
    stem = parts.stem
    told: dict[str, bool] = {}
    guesses: list[Guess] = []
    unread = ""
    for name in ("answer", "keyed"):
        lines = [line for line in parts.fields.get(name, ()) if not line.blank]
        if not lines:
            continue
        verdict = _verdict(lines, parts)
        if verdict is None:
            unread = lines[0].text
        else:
            told[name] = verdict
        if lines[0].half.strip(" .。") in ("A", "B") and not parts.options:
            guesses.append(Guess("verdict_letter", {"letter": lines[0].half.strip(" .。")}))
    gap, verdict = _in_bracket(parts)
    if gap is None and not told and not unread:
        gap = gaps.ticked(stem)
        verdict = answers.verdict(gap.inside) if gap else None
    prompt = gaps.without(stem.text, stem.half)
    if gap and verdict is not None:
        told["bracket"] = verdict
        emptied = Line(stem.text[: gap.start] + "（）" + stem.text[gap.end :])
        prompt = gaps.without(emptied.text, emptied.half)
    bare: Item = {"type": "truefalse", "prompt": prompt.strip()}
    if not told:
        choices = among(bare, _READINGS)
        if unread:
            return bare, [Guess("answer_unread", {"value": unread[:80]}, choices)]
        return bare, [Guess("no_answer", {}, choices)]
    question = bare | {"answer": next(iter(told.values()))}
    other = among(bare, {name: one for name, one in _READINGS.items() if one["answer"] != question["answer"]})
    if len(set(told.values())) > 1:
        guesses.append(Guess("answers_differ", {"answers": ("√", "×")}, other))
    return question, [Guess(one.code, one.params, other) for one in guesses]


def _in_bracket(parts: Parts) -> tuple[Gap | None, bool | None]:
    """The bracket of the stem with the verdict, or with the letter of the option that says it."""
    gap = gaps.bracketed_verdict(parts.stem)
    if gap or not are_verdicts(parts.options):
        return gap, answers.verdict(gap.inside) if gap else None
    of_letter = {option.letter: answers.verdict(option.line.half) for option in parts.options}
    found = [gap for gap in gaps.bracketed_letters(parts.stem) if gap.inside in of_letter]
    return (found[-1], of_letter[found[-1].inside]) if found else (None, None)


def _verdict(lines: Sequence[Line], parts: Parts) -> bool | None:
    """What the answer says; words behind it go to the explanation."""
    line = lines[0]
    letters = answers.letters(line.half)
    if parts.options and letters and len(letters) == 1:
        chosen = next((o for o in parts.options if o.letter == letters), None)
        return answers.verdict(chosen.line.half) if chosen else None
    verdict, rest = answers.verdict(line.half), list(lines[1:])
    if verdict is None:
        more = answers.verdict_and_more(line.text, line.half)
        if more is None:
            return {"A": True, "B": False}.get(letters or "") if not parts.options else None
        verdict, rest = more[0], [Line(more[1]), *rest]
    if rest:
        parts.fields.setdefault("explanation", [])[:0] = rest
    return verdict
