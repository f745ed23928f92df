"""What a posted paper says: the page without JavaScript is one form, and only what changed is saved.

Per question the form carries `seq-3` and `shown-3` (the stored answer as JSON, as it was when the page was
made), and the controls: `answer-3`, for blanks `answer-3-1`, `answer-3-2`, …, for what is matched or ordered
`answer-3-KEY` with the key of its left side or item. `clear=3` clears one answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studyhub.kernel.errors import BadRequest

Asked = Mapping[str, Any]
"""A question as the interface writes it (`attempts/payload.py`)."""

_LARGEST_SEQ = 2**53 - 2
_LONGEST_NUMBER = 16


Form = Mapping[str, Sequence[str]]
"""A form that was posted: each name with its values."""


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that is not the one shown. `seq` is the shown one's, plus one."""

    position: int
    answer: Any
    seq: int


def changes(questions: Iterable[Asked], form: Form) -> list[Change]:
    """The answers that differ from those that the page showed. BadRequest: the form is none of ours."""
    found = []
    for asked in questions:
        position = asked["position"]
        if f"seq-{position}" not in form:
            continue
        shown, seq = _shown(form, position)
        answer = None if _first(form, "clear") == str(position) else answer_in(asked, form)
        if answer != shown:
            found.append(Change(position, answer, seq + 1))
    return found


def cleared(questions: Iterable[Asked], form: Form) -> int | None:
    """The position of the question whose answer the button cleared."""
    wanted = _first(form, "clear")
    return next((asked["position"] for asked in questions if str(asked["position"]) == wanted), None)


def epoch_in(form: Form) -> int:
    """The epoch that the page held. Raises BadRequest when there is none."""
    return _whole(_first(form, "epoch"))


def answer_in(asked: Asked, form: Form) -> Any:
    """What the controls of a question said; None for nothing."""
    return _READERS[asked["type"]](asked, form)


def _one(asked: Asked, form: Form) -> Any:
    return _first(form, f"answer-{asked['position']}") or None


def _several(asked: Asked, form: Form) -> Any:
    return sorted(set(form.get(f"answer-{asked['position']}", ()))) or None


def _text(asked: Asked, form: Form) -> Any:
    return _first(form, f"answer-{asked['position']}").replace("\r\n", "\n") or None


def _verdict(asked: Asked, form: Form) -> Any:
    word = _one(asked, form)
    return {"true": True, "false": False}.get(word, word)


def _blanks(asked: Asked, form: Form) -> Any:
    name = f"answer-{asked['position']}"
    texts = [_first(form, f"{name}-{blank}") for blank in range(1, asked["blanks"] + 1)]
    return texts if any(texts) else None


def _matched(asked: Asked, form: Form) -> Any:
    given = {each["key"]: _first(form, f"answer-{asked['position']}-{each['key']}") for each in asked["left"]}
    return {left: right for left, right in given.items() if right} or None


def _ordered(asked: Asked, form: Form) -> Any:
    """The items by their places; those without one fill the gaps in the order in which they are shown.

    When two have the same place there is no order: what was said stays as it is, to be refused and shown.
    """
    keys = [each["key"] for each in asked["items"]]
    said = {key: _first(form, f"answer-{asked['position']}-{key}") for key in keys}
    placed = {place: key for key, place in said.items() if place}
    if not placed:
        return None
    if len(placed) < sum(1 for place in said.values() if place):
        return {key: place for key, place in said.items() if place}
    rest = iter([key for key in keys if not said[key]])
    return [placed.get(str(place)) or next(rest, "") for place in range(1, len(keys) + 1)]


_READERS: Mapping[str, Callable[[Asked, Form], Any]] = {
    "single": _one,
    "multiple": _several,
    "truefalse": _verdict,
    "blank": _blanks,
    "number": _one,
    "match": _matched,
    "order": _ordered,
    "essay": _text,
}


def _shown(form: Form, position: int) -> tuple[Any, int]:
    try:
        answer = json.loads(_first(form, f"shown-{position}"))
    except (ValueError, RecursionError) as error:
        raise BadRequest from error
    return answer, _whole(_first(form, f"seq-{position}"))


def _first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER) or int(text) > _LARGEST_SEQ:
        raise BadRequest
    return int(text)
