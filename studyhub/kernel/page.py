"""A page of a long list: what was asked for, and what is shown of how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")

DEFAULT_SIZE = 25
LARGEST_SIZE = 200
LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list: `page` counts from 1, `sort` is a column's name ("" is the list's own order)."""

    search: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = DEFAULT_SIZE

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, str]) -> PageRequest:
        """Read `q`, `sort` (a leading `-`: descending), `page` and `size`; nonsense becomes the default."""
        sort = arguments.get("sort", "")[:32]
        return cls(
            search=arguments.get("q", "").strip()[:100],
            sort=sort.lstrip("-"),
            descending=sort.startswith("-"),
            page=_number(arguments.get("page"), 1, LAST_PAGE),
            size=_number(arguments.get("size"), DEFAULT_SIZE, LARGEST_SIZE),
        )

    @property
    def offset(self) -> int:
        """How many items come before this page."""
        return (self.page - 1) * self.size


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The items of one page, and how many there are on all pages together."""

    items: list[Item]
    total: int
    request: PageRequest = field(default_factory=PageRequest)

    @property
    def pages(self) -> int:
        """How many pages there are: at least one, which may be empty."""
        return max(1, -(-self.total // self.request.size))

    @property
    def has_next(self) -> bool:
        return self.request.page < self.pages

    @property
    def has_previous(self) -> bool:
        return self.request.page > 1


def _number(text: str | None, default: int, largest: int) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        return default
    return min(max(int(text), 1), largest)
