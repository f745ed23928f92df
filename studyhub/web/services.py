"""What `app.py` hands to the web room: settings, the database, the clock, and who is who.

Held in `app.extensions`, so that a test can put another clock or another database in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from flask import current_app
from sqlalchemy.orm import Session

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.kernel.clock import Clock
from studyhub.kernel.permissions import Permission

KEY = "studyhub.web"


class Person(Protocol):
    """What the web room needs to know of an actor."""

    @property
    def name(self) -> str: ...
    @property
    def must_set_password(self) -> bool: ...
    @property
    def locale(self) -> str | None: ...
    @property
    def large_type(self) -> bool: ...
    def may(self, permission: Permission, /) -> bool: ...


class RememberChoice(Protocol):
    """Keeps a member's language or type size. None leaves that one as it is."""

    def __call__(
        self, session: Session, actor: Any, /, *, locale: str | None, large_type: bool | None
    ) -> None: ...


Identify = Callable[[Session, str, datetime], Person | None]
"""Who holds this session token now; None when it is unknown, expired or revoked."""

RecordRefusal = Callable[[Session, Any, Permission, str, datetime], None]
"""Told of every request that an actor's roles did not allow: the actor, the permission and the path."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that is decided outside this room."""

    identify: Identify
    remember_choice: RememberChoice | None = None
    record_refusal: RecordRefusal | None = None
    sign_in_endpoint: str = "organization.sign_in"
    sign_out_endpoint: str = "organization.sign_out"
    set_password_endpoint: str = "organization.set_password"


def services() -> Services:
    """The services of the running application."""
    return cast(Services, current_app.extensions[KEY])


def settings() -> Settings:
    """The settings of the running application."""
    return cast(Settings, current_app.extensions["studyhub.settings"])


def database() -> Database:
    """The database of the running application."""
    return cast(Database, current_app.extensions["studyhub.database"])


def clock() -> Clock:
    """The clock of the running application."""
    return cast(Clock, current_app.extensions["studyhub.clock"])
