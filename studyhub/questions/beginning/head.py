"""What is said of a new bank, judged as a bank file would be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.kernel.faults import Fault
from studyhub.questions import bank_file
from studyhub.questions.document import Mapping as MappingNode
from studyhub.questions.document import Node, Scalar, Sequence

KEYS = ("bank", "title", "language", "level")
LONGEST_TITLE = 200


def read(given: Mapping[str, Any]) -> dict[str, str]:
    """The head as it was typed."""
    return {key: str(given.get(key) or "").strip() for key in KEYS}


def judge(head: Mapping[str, str]) -> dict[str, list[Fault]]:
    """Its faults by key; none: the bank can begin."""
    pairs: list[tuple[Node, Node]] = [
        (Scalar(line, 1, key, False, 0), Scalar(line, 1, head[key], False, 0))
        for line, key in enumerate(KEYS, 1)
        if head[key]
    ]
    pairs.append((Scalar(0, 1, "questions", False, 0), Sequence(0, 1, False, [])))
    found: dict[str, list[Fault]] = {}
    for fault in bank_file.check_tree(MappingNode(0, 1, False, pairs)).faults:
        key = str(fault.params.get("key")) if fault.code == "missing_key" else _key_in(fault.line)
        if key in KEYS:
            found.setdefault(key, []).append(fault)
    if len(head["title"]) > LONGEST_TITLE:
        found["title"] = [Fault("too_long", params={"key": "title", "longest": LONGEST_TITLE})]
    return found


def _key_in(line: int) -> str:
    return KEYS[line - 1] if line else ""
