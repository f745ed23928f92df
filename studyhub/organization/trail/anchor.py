"""The head of the chain, kept in a file of the data folder: outside the database that it vouches for.

Whoever can only write to the database may cut off the chain's end, and what is left still checks out. The
file says how long the chain already was, and how it ended. It moves on with the chain only while the chain
still goes through it: else sealing what is left anew would make the cut good.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from studyhub.kernel.disk import write_whole

NAME = "audit-anchor.json"
LAST_SEQUENCE = 2**31 - 1
"""No chain gets this long: an anchor beyond it vouches for none that can be."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The chain had at least `sequence` seals, and that one was `digest`."""

    sequence: int
    digest: bytes


def read_anchor(data_dir: Path) -> Anchor | None:
    """The anchor, or None when the folder has none (a node that never ran the ticker)."""
    try:
        stored = json.loads((data_dir / NAME).read_text("ascii"))
        return Anchor(int(stored["sequence"]), bytes.fromhex(stored["digest"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        # A file that says nothing readable vouches for a chain that cannot exist.
        return Anchor(LAST_SEQUENCE + 1, b"")


def keep_anchor(data_dir: Path, anchor: Anchor) -> None:
    """Replace the anchor in one step, whole also after a power cut: an empty one would be a false alarm."""
    data_dir.mkdir(parents=True, exist_ok=True)
    said = json.dumps({"sequence": anchor.sequence, "digest": anchor.digest.hex()})
    write_whole(data_dir / NAME, said.encode(), mode=0o600)
