"""The stored files of a bank, taken along when it leaves: named by path again, with their bytes beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studyhub.media.store import Store
from studyhub.questions import images
from studyhub.questions.formats.exchange import Draft
from studyhub.questions.formats.pictures import free_name


def with_files(draft: Draft, store: Store) -> Draft:
    """The draft with the files that its questions name. One that the store has lost keeps its address."""
    assets: dict[str, bytes] = dict(draft.assets)
    paths: dict[str, str] = {}

    def path_of(digest: str, name: str) -> str | None:
        if digest not in paths and store.path(digest).is_file():
            data = store.path(digest).read_bytes()
            paths[digest] = free_name(name, data, assets)
            assets[paths[digest]] = data
        return paths.get(digest)

    def moved(value: Any) -> Any:
        if isinstance(value, str):
            return images.unplaced(value, path_of) if "media:" in value else value
        if isinstance(value, dict):
            return {key: moved(inner) for key, inner in value.items()}
        return [moved(inner) for inner in value] if isinstance(value, list) else value

    return replace(draft, questions=[moved(question) for question in draft.questions], assets=assets)
