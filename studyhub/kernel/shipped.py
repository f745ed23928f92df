"""Folders that stand beside the package in a checkout and inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

import studyhub


def shipped_folder(name: str) -> Path:
    """The folder `migrations` or `question_banks`. Raises FileNotFoundError when neither place has it."""
    package = Path(studyhub.__file__).parent
    for place in (package / name, package.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"{name} is neither in {package} nor beside it: the installation is incomplete")
