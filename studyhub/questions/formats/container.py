"""Banks in packages: which files of a zip are banks, and what lies beside them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import Package, inside, is_zip

BANK_SUFFIXES = (".yaml", ".yml")


def opened(
    data: bytes, beside: Callable[[str], bytes | None] | None = None
) -> tuple[bytes, Callable[[str], bytes | None] | None]:
    """The bank file of a source, alone or in a package, and the files beside it.

    Raises Unreadable for a package that does not hold exactly one bank file.
    """
    if not is_zip(data):
        return data, beside
    package = Package(data)
    names = banks_in(package)
    if len(names) != 1:
        raise Unreadable("no_bank_in_package")
    folder = posixpath.dirname(names[0])
    return package.read(names[0]) or b"", lambda path: package.read(inside(folder, path))


def banks_in(package: Package) -> list[str]:
    """The bank files of a package, without what macOS adds of its own."""
    return [name for name in package.names if name.lower().endswith(BANK_SUFFIXES) and "__MACOSX" not in name]
