"""A small house with one test room in it: the web room needs no other room to be tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.kernel.permissions import Permission
from studyhub.web import setup
from studyhub.web.guard import Room
from studyhub.web.layout import Entry
from studyhub.web.services import Services

SECRET = "only-for-tests-" + "x" * 32


@dataclass
class Visitor:
    """An actor, as the web room sees one."""

    name: str = "李秀兰"
    member_no: str = "m1"
    permissions: frozenset[Permission] = frozenset({Permission.SIGNED_IN, Permission.SET_PASSWORD})
    must_set_password: bool = False
    locale: str | None = None
    large_type: bool = False

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


@dataclass
class House:
    """An application with test rooms. `visitors` are who is known, by session token."""

    app: Flask
    database: Database
    visitors: dict[str, Visitor] = field(default_factory=dict)
    refusals: list[tuple[str, Permission, str]] = field(default_factory=list)

    def client(self, token: str | None = None) -> FlaskClient:
        """A browser; with a token, one that is signed in."""
        client = self.app.test_client()
        if token:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = token
        return client

    def kept(self) -> list[str]:
        """What the test room's table holds."""
        with self.database.read() as session:
            return list(session.scalars(text("SELECT word FROM kept ORDER BY word")))


Build = Callable[..., House]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """`build(room, …, navigation=(), **settings)` makes the house."""
    database = Database(f"sqlite:///{tmp_path / 'web.sqlite3'}")
    with database.write() as session:
        session.execute(text("CREATE TABLE kept (word TEXT)"))

    def made(*rooms: Room, navigation: tuple[Entry, ...] = (), **changed: Any) -> House:
        settings = Settings(data_dir=tmp_path, database_url=str(database.url), secret_key=SECRET)
        app = Flask("tests.web.web", static_folder=None, template_folder="templates")
        app.secret_key = SECRET
        app.extensions["studyhub.settings"] = replace(settings, **changed)
        app.extensions["studyhub.clock"] = lambda: datetime.fromisoformat("2026-11-02T02:00:00+00:00")
        app.extensions["studyhub.database"] = database
        house = House(app, database)
        setup.prepare(app, _services(house))
        for room in rooms:
            app.register_blueprint(room)
        setup.finish(app, navigation)
        return house

    yield made
    database.dispose()


def _services(house: House) -> Services:
    def identify(session: Session, token: str, now: datetime) -> Visitor | None:
        session.execute(text("SELECT 1"))
        return house.visitors.get(token)

    def remember(session: Session, actor: Visitor, *, locale: str | None, large_type: bool | None) -> None:
        actor.locale = locale or actor.locale
        actor.large_type = actor.large_type if large_type is None else large_type

    def refused(session: Session, actor: Visitor, permission: Permission, path: str, now: datetime) -> None:
        house.refusals.append((actor.member_no, permission, path))

    return Services(
        identify=identify,
        remember_choice=remember,
        record_refusal=refused,
        sign_in_endpoint="door.sign_in",
        set_password_endpoint="door.set_password",
    )


@pytest.fixture
def token_of() -> Callable[[FlaskClient, str], str]:
    """`token_of(client, path)`: the form token of the page that the browser shows."""

    def read(client: FlaskClient, path: str) -> str:
        page = client.get(path).get_data(as_text=True)
        return page.split('name="csrf-token" content="')[1].split('"')[0]

    return read
