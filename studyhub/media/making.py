"""Orders to the studio, and what it makes of them kept in the store. What was made once is not made again."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from studyhub.media.slides import Script
from studyhub.media.store import Kept, Store
from studyhub.media.studio import PICTURE, POSTER, VIDEO, Kind, Outcome, Work, carry_out

# Part of every digest: raise it when the studio makes something else of the same source.
VERSION = "3"


@dataclass(frozen=True, slots=True)
class Order:
    """A video to be made of a script or of a file, or a picture of a file."""

    kind: Kind
    source: Path | None = None
    script: Script | None = None

    @property
    def digest(self) -> str:
        """Of the kind of work and of all that goes into it."""
        digest = hashlib.sha256(f"{VERSION} {self.kind} ".encode())
        if self.source is not None:
            with self.source.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        if self.script is not None:
            digest.update(json.dumps(asdict(self.script), ensure_ascii=False).encode())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Making:
    """What became of an order. `files` are digests by use: video and poster, or picture.

    `facts` are duration_ms, width, height and has_sound of a video, the type of a picture.
    """

    files: Mapping[str, str]
    facts: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"files": dict(self.files), "facts": dict(self.facts)}


@dataclass(slots=True)
class Makings:
    """What became of all orders, by their digests; `faults` are the codes of those that failed."""

    made: dict[str, Making] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)


def make(
    orders: Mapping[str, Order],
    known: Mapping[str, Making],
    store: Store,
    progress: Callable[[int, int], None],
) -> Makings:
    """Carry out the orders, given by digest, that are not `known`. Takes about a second for each video.

    Files go into the store at once; that nobody uses them yet does no harm. No transaction may be open.
    """
    makings = Makings({digest: known[digest] for digest in orders if digest in known})
    missing = [digest for digest in orders if digest not in known]
    with tempfile.TemporaryDirectory(prefix="studyhub-studio-") as folder:
        works = [
            Work(orders[digest].kind, Path(folder, digest), orders[digest].source, orders[digest].script)
            for digest in missing
        ]
        for digest, work, outcome in zip(missing, works, carry_out(works, progress), strict=True):
            if outcome.fault:
                makings.faults[digest] = outcome.fault
            else:
                _keep(digest, work, outcome, store, makings)
    return makings


def _keep(digest: str, work: Work, outcome: Outcome, store: Store, makings: Makings) -> None:
    types = (
        {PICTURE: outcome.facts["type"]}
        if work.kind is Kind.PICTURE
        else {VIDEO: "video/mp4", POSTER: "image/jpeg"}
    )
    files: dict[str, str] = {}
    for name, media_type in types.items():
        kept = Kept(store.add(work.folder / name), media_type)
        makings.kept.append(kept)
        files[name.split(".")[0]] = kept.stored.digest
    makings.made[digest] = Making(files, outcome.facts)
