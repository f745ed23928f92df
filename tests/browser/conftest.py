"""A real browser (Debian's Chromium) before a real server, on SQLite, with the settable clock.

A page that logs an error to the console, or raises one, fails its test.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect
from werkzeug.serving import make_server

from studyhub.app import LISTENERS, create_app
from studyhub.config import Settings
from studyhub.db.database import Database
from tests.conftest import SECRET, SettableClock
from tests.factories.organization import PASSWORD
from tests.machine import chromium

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
PATIENCE_MS = 30_000
"""How long a test waits for something to be so: enough for a machine with other work."""
PLAY = "document.getElementById('video').play()"
# What a browser says by itself about an answer that a test made fail on purpose.
_NETWORK_NOISE = "Failed to load resource"
_NAME_OF_FOCUSED = """() => {
  const focused = document.activeElement;
  return focused.labels && focused.labels.length ? focused.labels[0].innerText : focused.innerText || "";
}"""


@dataclass
class Site:
    """A running StudyHub: rows are put in through `database`, time moves by `clock`."""

    url: str
    app: Flask
    database: Database
    clock: SettableClock
    data_dir: Path

    def cookie(self, member_no: str) -> Any:
        """The cookie of a browser in which this member has signed in (with the factories' password)."""
        credentials = {"member_no": member_no, "password": PASSWORD}
        token = self.app.test_client().post("/api/v1/sessions", json=credentials).get_json()["token"]
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        value = serializer.dumps({"_user_id": token, "_permanent": True})
        return {"name": self.app.config["SESSION_COOKIE_NAME"], "value": value, "url": self.url}


expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium(), "args": ["--no-sandbox"]}


@pytest.fixture
def site(tmp_path: Path, sqlite_template: Path, clock: SettableClock) -> Iterator[Site]:
    """StudyHub on an empty SQLite database, served over HTTP."""
    file = tmp_path / "studyhub.sqlite3"
    shutil.copyfile(sqlite_template, file)
    database = Database(f"sqlite:///{file}", listeners=LISTENERS)
    settings = Settings(data_dir=tmp_path / "data", database_url=f"sqlite:///{file}", secret_key=SECRET)
    app = create_app(settings, clock=clock, database=database)
    with _served(app) as url:
        yield Site(url, app, database, clock, settings.data_dir)
    database.dispose()


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def open_context(site: Site, browser: Browser) -> Iterator[OpenContext]:
    """`open_context("m1")` is a phone on which m1 has signed in; other options go to the context."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(member_no: str | None = None, **options: Any) -> BrowserContext:
        wanted = {"viewport": PHONE, "locale": "zh-CN", "has_touch": True, "base_url": site.url, **options}
        context = browser.new_context(**wanted)
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", lambda message: _note(complaints, message))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        if member_no is not None:
            context.add_cookies([site.cookie(member_no)])
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    assert complaints == []


def _note(complaints: list[str], message: ConsoleMessage) -> None:
    if message.type in ("error", "warning") and _NETWORK_NOISE not in message.text:
        complaints.append(message.text)


@pytest.fixture
def phone(open_context: OpenContext) -> Callable[[str], Page]:
    """`phone("m1")`: a page on the phone of m1."""
    return lambda member_no: open_context(member_no).new_page()


def stand_still(page: Page) -> None:
    """From the next page on, clock and timers stand until `page.clock.run_for` moves them: what a page does
    after a while depends no more on how fast the machine is. Before axe looks, `page.clock.resume`."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def axe_finds(page: Page) -> list[str]:
    """What axe has to say against the page, once it is all there."""
    page.wait_for_load_state()
    try:
        found = Axe().run(page).response["violations"]
    except Error as error:  # pragma: no cover - says more than the bare failure
        raise AssertionError(f"axe could not run on {page.url}") from error
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


def press_on(page: Page, name: str) -> None:
    """Tab to the link, button or file input of that name, see that the focus shows, and press Enter."""
    reach(page, name)
    page.keyboard.press("Enter")


def reach(page: Page, name: str) -> None:
    """Tab on until what is called `name` has the focus, and see that the focus shows."""
    page.wait_for_load_state()  # what a script shows is there by then
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(_NAME_OF_FOCUSED).strip() == name:
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")
