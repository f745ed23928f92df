"""A plan as it is shown, kept with it: to look at one of 50,000 questions is not to read their file again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import accumulate, pairwise
from typing import Any

from studyhub.kernel.faults import Fault, Severity, told_once
from studyhub.questions import images, source
from studyhub.questions.bank import Bank
from studyhub.questions.bank_file import Checked
from studyhub.questions.matching import SAME_WORDS, Match
from studyhub.questions.plan import Plan

IDS_SHOWN = 200
"""Of the recognised ones."""
A_BLOCK = 200
FAULTS_SHOWN = 300


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """What its page says beside what the bank is now. `prompts` by id, as the file has them; of the warnings
    the first, and how many there are; `lines`: the lines of the file that they are in; `unread`: how many of
    its items could not be read; `blocks`: as the file would write them, those that come or change, in the
    order of `coming`, each block compressed by zlib: a page unpacks what it lists."""

    title: str
    plan: Plan
    prompts: Mapping[str, str]
    faults: Sequence[Fault]
    fault_count: int
    lines: Mapping[int, str]
    unread: int = 0
    blocks: Sequence[bytes] = ()

    def written(self, names: Collection[str]) -> dict[str, Mapping[str, Any]]:
        """Those of these questions that come or change."""
        wanted = set(names)
        numbers = sorted({at // A_BLOCK for at, name in enumerate(coming(self.plan)) if name in wanted})
        return {one["id"]: one for number in numbers for one in self._block(number) if one["id"] in wanted}

    def holding(self, words: str) -> set[str]:
        """The ids of those that come or change, and have these words in their prompt."""
        every = (one for number in range(len(self.blocks)) for one in self._block(number))
        return {one["id"] for one in every if words in one["prompt"].casefold()}

    def _block(self, number: int) -> list[Mapping[str, Any]]:
        # A plan that was kept by an earlier release has none.
        return json.loads(zlib.decompress(self.blocks[number])) if number < len(self.blocks) else []

    @property
    def told(self) -> Sequence[Sequence[Fault]]:
        """The warnings; those that say the same together."""
        return told_once(self.faults)

    @property
    def packed(self) -> bytes:
        """To be kept: the lengths of what follows, in a line; JSON, compressed by zlib; the blocks."""
        kept = {key.name: getattr(self, key.name) for key in fields(self) if key.name != "blocks"}
        kept |= {"plan": asdict(self.plan), "faults": [asdict(fault) for fault in self.faults]}
        parts = [zlib.compress(json.dumps(kept, ensure_ascii=False, default=str).encode(), 1), *self.blocks]
        return b"\n".join([json.dumps([*map(len, parts)]).encode(), b"".join(parts)])

    @classmethod
    def unpacked(cls, packed: bytes) -> ShownPlan:
        """What `packed` gave."""
        parts = _parts(packed)
        kept = json.loads(zlib.decompress(parts[0]))
        kept.pop("written", None)
        kept["plan"] = Plan(**{key: _tuple(value) for key, value in kept["plan"].items()})
        kept["faults"] = [Fault(**{**one, "severity": Severity(one["severity"])}) for one in kept["faults"]]
        kept["lines"] = {int(line): text for line, text in kept["lines"].items()}
        return cls(**kept, blocks=parts[1:])


def coming(plan: Plan) -> tuple[str, ...]:
    """The ids of those that come or change, in the order of the plan's lists."""
    return (*plan.new, *plan.brought_back, *plan.key_changed, *plan.cosmetic)


def show(
    bank: Bank, plan: Plan, checked: Checked | None, matches: Sequence[Match], *, by_line: bool
) -> ShownPlan:
    """The plan with what its page names. `by_line`: the file is one in which a person knows the lines."""
    names = coming(plan)
    named = {match.known for match in _listed(matches)}
    by_id = {one.id: one for one in bank.questions}
    blocks = [
        [by_id[name].written for name in names[at : at + A_BLOCK]] for at in range(0, len(names), A_BLOCK)
    ]
    faults = checked.faults[:FAULTS_SHOWN] if checked else []
    return ShownPlan(
        bank.title,
        plan,
        {one.id: images.in_words(one.prompt) for one in bank.questions if one.id in named},
        faults,
        len(checked.faults) if checked else 0,
        excerpts(checked.text, faults) if checked and by_line else {},
        blocks=[
            zlib.compress(json.dumps(block, ensure_ascii=False, default=str).encode(), 1) for block in blocks
        ],
    )


def _parts(packed: bytes) -> list[bytes]:
    if packed[:1] != b"[":  # kept by an earlier release
        return [packed]
    lengths, _, rest = packed.partition(b"\n")
    ends = list(accumulate(json.loads(lengths)))
    return [rest[start:end] for start, end in pairwise([0, *ends])]


def _listed(matches: Sequence[Match]) -> list[Match]:
    """Those that the page lists: the first that are alike, and the first with the same words."""
    alike = [match for match in matches if match.percent < SAME_WORDS]
    same = [match for match in matches if match.percent >= SAME_WORDS]
    return [*alike[:IDS_SHOWN], *same[:IDS_SHOWN]]


def excerpts(text: str, faults: Sequence[Fault]) -> dict[int, str]:
    """The lines of a file that these faults are in, by number."""
    lines = source.lines(text)
    return {fault.line: lines[fault.line - 1] for fault in faults if 0 < fault.line <= len(lines)}


def _tuple(value: Any) -> Any:
    return tuple(map(_tuple, value)) if isinstance(value, list) else value
