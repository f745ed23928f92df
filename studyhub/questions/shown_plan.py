"""A plan as it is shown, kept with it: to look at one of 50,000 questions is not to read their file again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from studyhub.kernel.faults import Fault, Severity
from studyhub.questions import images, source
from studyhub.questions.bank import Bank
from studyhub.questions.bank_file import Checked
from studyhub.questions.matching import SAME_WORDS, Match
from studyhub.questions.plan import Plan

IDS_SHOWN = 200
FAULTS_SHOWN = 300


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """What its page says beside what the bank is now. `prompts` by id, as the file has them; of the warnings
    the first, and how many there are; `lines`: the lines of the file that they are in."""

    title: str
    plan: Plan
    prompts: Mapping[str, str]
    faults: Sequence[Fault]
    fault_count: int
    lines: Mapping[int, str]

    @property
    def packed(self) -> bytes:
        """To be kept: JSON, compressed by zlib."""
        kept = {**{key.name: getattr(self, key.name) for key in fields(self)}, "plan": asdict(self.plan)}
        kept["faults"] = [asdict(fault) for fault in self.faults]
        return zlib.compress(json.dumps(kept, ensure_ascii=False, default=str).encode(), 1)

    @classmethod
    def unpacked(cls, packed: bytes) -> ShownPlan:
        """What `packed` gave."""
        kept = json.loads(zlib.decompress(packed))
        kept["plan"] = Plan(**{key: _tuple(value) for key, value in kept["plan"].items()})
        kept["faults"] = [Fault(**{**one, "severity": Severity(one["severity"])}) for one in kept["faults"]]
        kept["lines"] = {int(line): text for line, text in kept["lines"].items()}
        return cls(**kept)


def show(
    bank: Bank, plan: Plan, checked: Checked | None, matches: Sequence[Match], *, by_line: bool
) -> ShownPlan:
    """The plan with what its page names. `by_line`: the file is one in which a person knows the lines."""
    listed = (plan.new, plan.brought_back, plan.key_changed, plan.cosmetic)
    named = {name for names in listed for name in names[:IDS_SHOWN]}
    named |= {match.known for match in _listed(matches)}
    faults = checked.faults[:FAULTS_SHOWN] if checked else []
    return ShownPlan(
        bank.title,
        plan,
        {one.id: images.in_words(one.prompt) for one in bank.questions if one.id in named},
        faults,
        len(checked.faults) if checked else 0,
        excerpts(checked.text, faults) if checked and by_line else {},
    )


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
