"""A text with gaps, as other programs have it: each gap may be filled in, offer a choice or want a number.

Gaps that are all filled in are one `blank`. Others are a passage, with a question about each gap: so every
gap keeps its options, its key and its share of the points. `[[1]]` stands in the text for the first gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from studyhub.questions.bank import PASSAGE
from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.types.blank import MARK

LINE = "\\_\\_\\_\\_\\_"
"""What stands in a text where something is left out."""

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Gap:
    """What is asked in a gap: `{"type": "single", "options": …}` without a prompt; of `blank`, `answer` lists
    the texts of this gap alone. `worth` is its share beside the other gaps."""

    item: Item
    worth: Decimal = Decimal(1)


def question(prompt: str, gaps: Sequence[Gap], points: str, tell: Tell) -> Item:
    """The question that a text with these gaps is; `points` are of all gaps, "" is one. Raises Skip."""
    places = [int(match[1]) for match in MARK.finditer(prompt)]
    if sorted(places) != list(range(1, len(gaps) + 1)):
        missing = next((n for n in range(1, len(gaps) + 1) if places.count(n) != 1), len(gaps) + 1)
        skip("gap_not_found", name=str(missing))
    worth = {"points": points} if points else {}
    if all(gap.item["type"] == "blank" for gap in gaps):
        return {"prompt": prompt, **_filled_in(gaps, tell), **worth}
    if len(gaps) == 1:
        return {"prompt": MARK.sub(lambda found: LINE, prompt), **gaps[0].item, **worth}
    text = MARK.sub(lambda found: f"\\_\\_({found[1]})\\_\\_", prompt)
    shares = _shared_out(Decimal(points or 1), [gap.worth for gap in gaps])
    parts = [_part(n, gap, share) for n, (gap, share) in enumerate(zip(gaps, shares, strict=True), 1)]
    return {"type": PASSAGE, "prompt": text, "questions": parts}


def _filled_in(gaps: Sequence[Gap], tell: Tell) -> Item:
    cases = {gap.item.get("case") for gap in gaps}
    if len(cases) > 1 or len({gap.worth for gap in gaps}) > 1:
        tell("weights_lost")
    exact = {} if None in cases else {"case": "exact"}
    return {"type": "blank", "answer": [gap.item["answer"] for gap in gaps], **exact}


def _part(number: int, gap: Gap, points: Decimal) -> Item:
    """The question about one gap, called by its number in the text."""
    filled = {"prompt": f"({number}) [[1]]", "answer": [gap.item["answer"]]}
    own = gap.item | (filled if gap.item["type"] == "blank" else {"prompt": f"({number})"})
    worth = {} if points == 1 else {"points": format(points.normalize(), "f")}
    return {"id": f"gap-{number}", **own, **worth}


def _shared_out(points: Decimal, worth: Sequence[Decimal]) -> list[Decimal]:
    """Hundredths for each gap that are the points together, to the last one."""
    whole = sum(worth, Decimal(0)) or Decimal(1)
    upto = [points * sum(worth[: n + 1], Decimal(0)) / whole for n in range(len(worth))]
    rounded = [Decimal(0), *(part.quantize(_CENT, ROUND_HALF_UP) for part in upto)]
    return [after - before for before, after in pairwise(rounded)]
