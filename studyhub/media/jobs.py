"""What the clock does for the media: remove what nothing uses any more."""

from __future__ import annotations

from collections.abc import Collection

from studyhub.media import sweeping
from studyhub.media.store import Store
from studyhub.tasks.context import Job, WorkContext


def sweep_media(context: WorkContext) -> None:
    """Remove the files without any use, in short transactions; a file goes after its row, never before it."""
    store = Store(context.settings.data_dir)
    before = (context.clock() - sweeping.KEPT_FOR).timestamp()
    with context.read() as session:
        candidates = sweeping.unused(session)
    old = list(sweeping.old(store, candidates, before))
    for first in range(0, len(old), sweeping.AT_ONCE):
        with context.write() as session:
            forgotten = sweeping.forget(session, old[first : first + sweeping.AT_ONCE])
        _discard(store, forgotten, before)
    with context.read() as session:
        broken_off = sweeping.unknown(session, store.digests())
    _discard(store, broken_off, before)


def _discard(store: Store, digests: Collection[str], before: float) -> None:
    # Looked at once more: it may have been uploaded again meanwhile.
    for digest in sweeping.old(store, digests, before):
        store.discard(digest)


JOBS = (Job("sweep_media", 3600, sweep_media),)
