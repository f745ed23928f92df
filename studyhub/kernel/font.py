"""The one font file that pictures, charts and documents are drawn with: Noto Sans SC (OFL)."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

_PACKAGE = "zhplot"
_FILE = Path("fonts", "NotoSansSC-Regular.ttf")


def font_path() -> Path:
    """Where the file is in the installed `zhplot` package, which is located and not imported.

    Raises FileNotFoundError when the package is not installed.
    """
    spec = find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / _FILE
        if path.is_file():
            return path
    raise FileNotFoundError(f"the {_PACKAGE} package with {_FILE.name} is not installed")
