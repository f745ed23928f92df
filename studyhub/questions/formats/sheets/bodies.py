"""What a row says of its question beyond the prompt, for each type, in all the spellings that people use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from studyhub.questions.fields import NUMBER
from studyhub.questions.formats.exchange import Item
from studyhub.questions.formats.layout import answers, gaps
from studyhub.questions.formats.layout.gaps import Gap
from studyhub.questions.formats.layout.line import Line as Text
from studyhub.questions.formats.sheets import brackets
from studyhub.questions.formats.sheets.cells import (
    ALTERNATIVES,
    LINES,
    halves,
    parted,
    said_yes,
    split,
    unquoted,
)
from studyhub.questions.formats.sheets.columns import FEEDBACK, OPTION
from studyhub.questions.formats.sheets.record import Record
from studyhub.questions.types.blank import MARK
from studyhub.questions.types.truefalse import read_verdict
from studyhub.questions.variables import BRACES

ARROWS = ("→", "->", "=>", "＝", "=", "：", ":", "—")
GAP = re.compile(r"_{2,}|＿{2,}|[（(][ \t\u3000_]*[)）]|【[ \t\u3000]*】")
_SLASH = re.compile(r"([\u4e00-\u9fff])\s*[/／]\s*(?=[\u4e00-\u9fff])")
_AROUND = re.compile(r"(.+?)\s*(?:±|\+/-|\+-)\s*(.+)")
_VERDICTS = {
    **dict.fromkeys(("Y", "V", "真", "勾", "对的", "正确的", "同意"), True),
    **dict.fromkeys(("N", "X", "假", "叉", "错的", "错误的", "不同意"), False),
}


def _choice(line: Record, options: dict[str, str]) -> Item:
    if len(options) < 2 and "options" not in line.headers:
        line.need(OPTION + "A")
        line.need(OPTION + "B")
    told = {
        key: {"text": text, "feedback": line.get(FEEDBACK + key)} if line.get(FEEDBACK + key) else text
        for key, text in options.items()
    }
    return {"options": told} | _marked(line) | _pinned(line)


def _single(line: Record, options: dict[str, str]) -> Item:
    chosen = _bracketed(line, options) or line.chosen(options, one=True)
    if len(chosen) != 1:
        line.wrong("answer", "cell_one_letter")
    return _choice(line, options) | {"answer": chosen[0]} | _without_key(line, options, chosen)


def _multiple(line: Record, options: dict[str, str]) -> Item:
    chosen = sorted(_bracketed(line, options) or line.chosen(options))
    if len(chosen) == 1 and "不定项" not in line.get("type"):
        line.doubt("multiple_with_one", {"single": {"type": "single"}})
    return _choice(line, options) | {"answer": chosen} | _without_key(line, options, chosen)


def _gap(line: Record, options: Mapping[str, str]) -> Gap | None:
    """The bracket of the prompt that holds its answer, unless the row says that none does."""
    return None if said_yes(line.get(brackets.COLUMN)) else brackets.letters_in(line.get("prompt"), options)


def _bracketed(line: Record, options: Mapping[str, str]) -> list[str]:
    """The answer as it stands in the prompt, where its own cell is empty."""
    gap = None if line.get("answer") else _gap(line, options)
    return list(gap.inside) if gap else []


def _without_key(line: Record, options: Mapping[str, str], chosen: Sequence[str]) -> Item:
    """The prompt without the answer in its bracket, which who sits the paper would read."""
    gap = _gap(line, options)
    if gap is None:
        return {}
    if set(gap.inside) != set(chosen):
        others = {"by_bracket": {"answer": gap.inside}}
        line.doubt("answers_differ", others, answers=("".join(chosen), gap.inside))
        return {}
    return {"prompt": gaps.emptied(Text(line.get("prompt")), gap)}


def _marked(line: Record) -> Item:
    return {"marking": line.get("marking")} if line.get("marking") else {}


def _pinned(line: Record) -> Item:
    word = line.get("shuffle")
    return {"shuffle": False} if word and not said_yes(word) else {}


def _truefalse(line: Record, options: dict[str, str]) -> Item:
    verdict = _verdict(line, options)
    prompt = line.get("prompt")
    gap = None if said_yes(line.get(brackets.COLUMN)) else brackets.verdict_in(prompt)
    if gap is None:
        return {"answer": verdict}
    if read_verdict(gap.inside) != verdict:
        others = {"by_bracket": {"answer": gap.inside}}
        line.doubt("answers_differ", others, answers=("√" if verdict else "×", gap.inside))
        return {"answer": verdict}
    # Who sits the paper would read the answer.
    return {"answer": verdict, "prompt": f"{prompt[: gap.start]}（　　）{prompt[gap.end :]}".strip()}


def _verdict(line: Record, options: dict[str, str]) -> bool:
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
    doubt = "number_for_verdict" if answer.isdigit() else "letter_for_verdict"
    line.doubt(doubt, {"false": {"answer": "false"}} if guess else {"true": {"answer": "true"}})
    return bool(guess)


def _blank(line: Record, options: dict[str, str]) -> Item:
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
    return GAP.sub(lambda match: f"[[{next(count)}]]", prompt)


def _number(line: Record, options: dict[str, str]) -> Item:
    answer, tolerance = line.need("answer"), line.get("tolerance")
    around = _AROUND.fullmatch(answer)
    if around and not tolerance:
        answer, tolerance = around[1], around[2]
    if not NUMBER.fullmatch(answer) and not BRACES.search(answer):
        line.wrong("answer", "cell_no_number")
    return {"answer": answer} | ({"tolerance": tolerance} if tolerance else {})


def _match(line: Record, options: dict[str, str]) -> Item:
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


def _order(line: Record, options: dict[str, str]) -> Item:
    return {"items": _in_order(line, options)} | _marked(line) | _pinned(line)


def _in_order(line: Record, options: dict[str, str]) -> list[str]:
    """The items: each on a line of its own, or the options in the order of the answer (`CABD`)."""
    if line.get("items"):
        return parted(line.get("items"), LINES)
    letters = re.findall("[A-Z]", unicodedata.normalize("NFKC", line.need("answer")).upper())
    if options and sorted(letters) == sorted(options):
        return [options[letter] for letter in letters]
    listed = parted(line.get("answer"), LINES)
    return listed if len(listed) > 1 else parted(line.get("answer"), LINES + "→")


def _essay(line: Record, options: dict[str, str]) -> Item:
    rubric = []
    for text in split(line.get("rubric"), LINES):
        pair = halves(text, ARROWS[:4]) or line.wrong("rubric", "cell_no_rubric")
        rubric.append({"for": pair[0], "points": pair[1]})
    answer = line.get("answer")
    return ({"rubric": rubric} if rubric else {}) | (
        {"model_answer": answer} if answer and not line.get("model_answer") else {}
    )


BODIES: dict[str, Callable[[Record, dict[str, str]], Item]] = {
    "single": _single,
    "multiple": _multiple,
    "truefalse": _truefalse,
    "blank": _blank,
    "number": _number,
    "match": _match,
    "order": _order,
    "essay": _essay,
}
