"""Warnings about a prompt that another bank has as well: another file of the run, or one that is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from studyhub.kernel.faults import Fault, Severity, in_reading_order
from studyhub.questions import sameness, similarity
from studyhub.questions.bank_file import Asked, Checked
from studyhub.questions.similarity import Scope

ELSEWHERE = ("same_prompt_elsewhere", "near_duplicate_elsewhere")


@dataclass(frozen=True, slots=True)
class Known:
    """A prompt of a bank that is in force."""

    bank: str
    id: str
    prompt: str
    options: frozenset[str] = frozenset()
    """as sameness.options_asked_of gives them"""


def warn(files: Sequence[Checked]) -> list[Checked]:
    """The same files, with a warning at each prompt that an earlier file has as well.

    Pairs within one file are the file's own check's. One pass over all, however many files.
    """
    ours = _ours(files)
    scope = Scope([number for number, _ in ours])
    found: list[list[Fault]] = [[] for _ in files]
    prompts, options = [asked.prompt for _, asked in ours], [asked.options for _, asked in ours]
    for pair in sameness.pairs(prompts, options, scope) if len(files) > 1 else ():
        (other, earlier), (number, asked) = ours[pair.first], ours[pair.second]
        if slug := files[other].slug:  # a bank without a name cannot be told about
            found[number].append(_fault(asked, slug.value, earlier.id, pair))
    return _with(files, found)


def warn_of_known(files: Sequence[Checked], known: Sequence[Known]) -> list[Checked]:
    """The same files, with a warning at each prompt that a bank in force has as well."""
    ours, first = _ours(files), len(known)
    scope = Scope([True] * first + [False] * len(ours), first)
    found: list[list[Fault]] = [[] for _ in files]
    prompts = [one.prompt for one in known] + [asked.prompt for _, asked in ours]
    options = [one.options for one in known] + [asked.options for _, asked in ours]
    for pair in sameness.pairs(prompts, options, scope) if known else ():
        number, asked = ours[pair.second - first]
        other = known[pair.first]
        found[number].append(_fault(asked, other.bank, other.id, pair))
    return _with(files, found)


def as_json(checked: Checked) -> list[dict[str, Any]]:
    """The warnings about other banks among the faults of a file, to be kept."""
    return [
        {"code": fault.code, "line": fault.line, "column": fault.column, "params": dict(fault.params)}
        | {"subject": fault.subject}
        for fault in checked.faults
        if fault.code in ELSEWHERE
    ]


def with_known(checked: Checked, kept: Sequence[Mapping[str, Any]]) -> Checked:
    """The file with the warnings that were kept."""
    faults = [
        Fault(one["code"], one["line"], one["column"], one["params"], "", Severity.WARNING, one["subject"])
        for one in kept
    ]
    return _with([checked], [faults])[0]


def _ours(files: Sequence[Checked]) -> list[tuple[int, Asked]]:
    return [(number, asked) for number, checked in enumerate(files) for asked in checked.asked]


def _fault(asked: Asked, bank: str, other: str, pair: similarity.Similar) -> Fault:
    code = ELSEWHERE[0] if pair.equal else ELSEWHERE[1]
    params = {"bank": bank, "id": other, "percent": pair.percent}
    return Fault(code, asked.line, asked.column, params, "", Severity.WARNING, asked.id)


def _with(files: Sequence[Checked], found: Sequence[Sequence[Fault]]) -> list[Checked]:
    return [
        replace(checked, faults=in_reading_order([*checked.faults, *faults])) if faults else checked
        for checked, faults in zip(files, found, strict=True)
    ]
