"""Signing in and out on the pages, the first visit, and one's own account."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from studyhub.db.database import Database
from studyhub.kernel.errors import Unavailable
from studyhub.organization.actor import SYSTEM
from studyhub.organization.models import Member, SignInSession
from studyhub.organization.sign_in import operations
from studyhub.organization.sign_in.throttling import HERE
from tests.conftest import SettableClock
from tests.factories.organization import PASSWORD
from tests.web.organization.conftest import Browse

NEW = "tidy green harbour"


def newcomer(database: Database, now: datetime) -> str:
    """Li has no password yet, but a slip. Returns its code."""
    with database.write() as session:
        session.execute(
            update(Member).where(Member.member_no == "li").values(password_hash=None, welcomed_at=None)
        )
        li = session.execute(select(Member.id).where(Member.member_no == "li")).scalar_one()
        return operations.make_code(session, SYSTEM, li, now)


def test_signing_in_leads_to_where_one_wanted_to_go_and_never_to_another_site(browse: Browse) -> None:
    for wanted, target in (("/account", "/account"), ("https://evil.example/", "/"), ("//evil.example", "/")):
        browser = browse()
        answer = browser.post("/sign-in", {"member_no": "li", "password": PASSWORD, "next": wanted})
        assert answer.headers["Location"] == target


def test_a_page_behind_the_door_sends_one_to_the_door_first(browse: Browse) -> None:
    answer = browse().get("/account")
    assert answer.headers["Location"] == "/sign-in?next=/account"


def test_a_wrong_password_is_told_without_saying_which_was_wrong(browse: Browse) -> None:
    browser = browse()
    known = browser.post("/sign-in", {"member_no": "li", "password": "wrong"})
    unknown = browser.post("/sign-in", {"member_no": "nobody", "password": "wrong"})
    assert known.status_code == unknown.status_code == 401
    for answer in (known, unknown):
        assert "编号或密码不对" in answer.get_data(as_text=True)


def test_after_too_many_tries_the_page_says_how_long_to_wait(browse: Browse) -> None:
    browser = browse()
    for _ in range(HERE.failures):
        browser.post("/sign-in", {"member_no": "li", "password": "wrong"})
    answer = browser.post("/sign-in", {"member_no": "li", "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert "请等 5 分钟再试" in answer.get_data(as_text=True)


def test_a_form_without_its_token_is_refused(browse: Browse) -> None:
    browser = browse("li")
    browser.token = ""
    assert browser.post("/account/sessions/close").status_code == 400
    assert browser.get("/account").status_code == 200


def test_signing_out_ends_the_session_and_not_only_the_cookie(browse: Browse) -> None:
    browser = browse("li")
    kept = browser.client.get_cookie("studyhub")
    assert kept is not None
    browser.post("/sign-out")
    browser.client.set_cookie("studyhub", kept.value)
    assert browser.get("/account").status_code == 302


def test_signing_out_everywhere_reaches_every_browser(browse: Browse) -> None:
    here, elsewhere = browse("li"), browse("li")
    here.post("/account/sessions/close")
    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == 302


def test_one_device_is_signed_out_and_nobody_elses(browse: Browse) -> None:
    here, elsewhere, other = browse("li"), browse("li"), browse("wang")
    page = here.text("/account")
    number = page.split("/account/sessions/")[1].split("/")[0]
    assert other.post(f"/account/sessions/{number}/close").status_code == 404
    assert here.post(f"/account/sessions/{number}/close").status_code == 302
    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_the_first_visit_from_the_qr_to_the_start_page(
    browse: Browse, database: Database, now: datetime
) -> None:
    code = newcomer(database, now)
    browser = browse()
    page = browser.text(f"/welcome?code={code}")
    assert "li 同志" in page
    answer = browser.post("/welcome", {"code": code, "password": NEW, "again": NEW})
    assert answer.headers["Location"] == "/welcome/about?next=/"
    page = browser.text("/welcome/about?next=/")
    assert "记录什么，为什么" in page
    assert "大字版" in page
    answer = browser.post("/welcome/about?next=/", {"size": "large"})
    assert answer.headers["Location"] == "/"
    assert 'data-size="large"' in browser.text("/account")
    assert browse("li", NEW)


def test_a_newcomer_is_told_of_a_phone_number_only_when_one_is_recorded(
    browse: Browse, database: Database, now: datetime
) -> None:
    code = newcomer(database, now)
    assert "手机号" not in browse().text(f"/welcome?code={code}")
    page = browse("wang").text("/account/recorded")
    assert "没有登记手机号" in page
    assert "西区第一党支部" in page
    with database.write() as session:
        for number, phone in (("li", "13800138000"), ("wang", "13900139000")):
            session.execute(update(Member).where(Member.member_no == number).values(phone=phone))
    assert "手机号" in browse().text(f"/welcome?code={code}")
    assert "手机号 13900139000" in browse("wang").text("/account/recorded")


def test_looking_at_a_code_does_not_use_it_up(browse: Browse, database: Database, now: datetime) -> None:
    code = newcomer(database, now)
    for _ in range(3):
        assert "li 同志" in browse().text(f"/welcome?code={code}")


def test_a_code_sets_a_password_once(browse: Browse, database: Database, now: datetime) -> None:
    code = newcomer(database, now)
    body = {"code": code, "password": NEW, "again": NEW}
    assert browse().post("/welcome", body).status_code == 302
    second = browse().post("/welcome", body)
    assert second.status_code == 401
    assert "已用过" in second.get_data(as_text=True)


def test_two_different_or_weak_passwords_are_told_and_the_code_still_works(
    browse: Browse, database: Database, now: datetime
) -> None:
    code = newcomer(database, now)
    browser = browse()
    differing = browser.post("/welcome", {"code": code, "password": NEW, "again": "other"})
    assert "两次输入的密码不同" in differing.get_data(as_text=True)
    weak = browser.post("/welcome", {"code": code, "password": "12345678", "again": "12345678"})
    assert "太容易被猜到" in weak.get_data(as_text=True)
    assert browser.post("/welcome", {"code": code, "password": NEW, "again": NEW}).status_code == 302


def test_a_code_in_place_of_a_password_leads_to_setting_one_and_nowhere_else(
    browse: Browse, database: Database, now: datetime
) -> None:
    code = newcomer(database, now)
    browser = browse()
    answer = browser.post("/sign-in", {"member_no": "li", "password": code})
    assert answer.headers["Location"] == "/account/password"
    assert browser.get("/account").headers["Location"] == "/account/password"
    browser.get("/account/password")
    answer = browser.post("/account/password", {"password": NEW, "again": NEW})
    assert answer.headers["Location"] == "/welcome/about?next=/"


def test_after_a_reset_a_new_password_leads_to_the_first_page(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        li = session.execute(select(Member).where(Member.member_no == "li")).scalar_one()
        code = operations.reset_password(session, SYSTEM, li, now)
    browser = browse()
    browser.post("/sign-in", {"member_no": "li", "password": code})
    browser.get("/account/password")
    answer = browser.post("/account/password", {"password": NEW, "again": NEW})
    assert answer.headers["Location"] == "/"


def test_tried_codes_are_counted_by_address(browse: Browse) -> None:
    browser = browse()
    for _ in range(20):
        browser.post("/welcome", {"code": "1" * 20})
    assert browser.post("/welcome", {"code": "1" * 20}).status_code == 429


def test_changing_the_password_needs_the_present_one(browse: Browse) -> None:
    browser = browse("li")
    wrong = browser.post("/account/password", {"current": "wrong", "password": NEW, "again": NEW})
    assert "现在的密码不对" in wrong.get_data(as_text=True)
    right = browser.post("/account/password", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert right.headers["Location"] == "/account"
    assert browse("li", NEW)


def test_large_type_chosen_at_the_door_goes_in_with_the_member_and_stays_with_the_account(
    browse: Browse,
) -> None:
    browser = browse()
    browser.post("/size", {"size": "large", "next": "/sign-in"})
    assert 'data-size="large"' in browser.text("/sign-in")
    browser.post("/sign-in", {"member_no": "li", "password": PASSWORD})
    assert 'data-size="large"' in browser.text("/account")
    assert 'data-size="large"' in browse("li").text("/account"), "another device"
    assert 'data-size="normal"' in browse("wang").text("/account"), "another account"


def test_who_is_not_let_in_with_the_size_that_was_chosen_is_not_let_in_at_all(
    browse: Browse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_turn(*given: object, **named: object) -> None:
        raise Unavailable("busy", retry_after_s=3)

    browser = browse()
    browser.post("/size", {"size": "large", "next": "/sign-in"})
    monkeypatch.setattr(operations, "remember_choice", no_turn)
    refused = browser.post("/sign-in", {"member_no": "li", "password": PASSWORD})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "3")
    assert browser.get("/account").status_code == 302, "the page that was shown is the door, and so it is"
    with database.read() as session:
        assert session.execute(select(func.count()).select_from(SignInSession)).scalar_one() == 0
    monkeypatch.undo()
    browser.post("/sign-in", {"member_no": "li", "password": PASSWORD})
    assert 'data-size="large"' in browser.text("/account"), "the choice waits at the door"


def test_a_device_shows_its_door_as_its_last_reader_had_the_pages(browse: Browse) -> None:
    first = browse("li")
    first.post("/welcome/about", {"size": "large"})
    other = browse("li")
    for browser in (first, other):
        browser.post("/sign-out")
        assert 'data-size="large"' in browser.text("/sign-in")
    first.post("/sign-in", {"member_no": "wang", "password": PASSWORD})
    assert 'data-size="normal"' in first.text("/account"), "what another chose is no choice of theirs"
    first.post("/sign-out")
    assert 'data-size="normal"' in first.text("/sign-in")


PHONE = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/86.0 Mobile Safari/537.36 MicroMessenger/8"
OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"


def session_cookie(answer: TestResponse) -> str:
    (found,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("studyhub=")]
    return found


def test_who_is_not_kept_signed_in_is_signed_out_with_the_browser_and_by_the_server_after_12_hours(
    browse: Browse, clock: SettableClock
) -> None:
    browser = browse()
    cookie = session_cookie(browser.post("/sign-in", {"member_no": "li", "password": PASSWORD}))
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie
    clock.advance(hours=12, seconds=-1)
    assert browser.get("/account").status_code == 200
    clock.advance(seconds=1)
    assert browser.get("/account").headers["Location"] == "/sign-in?next=/account"


def test_who_is_kept_signed_in_stays_so_for_14_days(browse: Browse, clock: SettableClock) -> None:
    browser = browse()
    answer = browser.post("/sign-in", {"member_no": "li", "password": PASSWORD, "keep": "y"})
    assert "Expires" in session_cookie(answer)
    clock.advance(days=14, seconds=-1)
    assert browser.get("/account").status_code == 200
    clock.advance(seconds=1)
    assert browser.get("/account").headers["Location"] == "/sign-in?next=/account"


def test_a_phone_is_offered_to_be_kept_signed_in_and_a_computer_is_not(
    browse: Browse, database: Database, now: datetime
) -> None:
    code = newcomer(database, now)
    browser = browse()
    for path in ("/sign-in", f"/welcome?code={code}"):
        for agent, ticked in ((PHONE, True), (OFFICE, False)):
            page = browser.client.get(path, headers={"User-Agent": agent}).get_data(as_text=True)
            (box,) = re.findall(r'<input[^>]*name="keep"[^>]*>', page)
            assert ("checked" in box) is ticked, (path, agent)


def test_what_was_chosen_stands_when_the_page_comes_back(browse: Browse) -> None:
    browser = browse()
    for sent, ticked in (({"keep": "y"}, True), ({}, False)):
        answer = browser.post("/sign-in", {"member_no": "li", "password": "wrong", **sent})
        (box,) = re.findall(r'<input[^>]*name="keep"[^>]*>', answer.get_data(as_text=True))
        assert ("checked" in box) is ticked


def test_a_first_sign_in_is_kept_as_it_was_chosen(browse: Browse, database: Database, now: datetime) -> None:
    for sent, kept in (({}, False), ({"keep": "y"}, True)):
        code = newcomer(database, now)
        answer = browse().post("/welcome", {"code": code, "password": NEW, "again": NEW, **sent})
        assert ("Expires" in session_cookie(answer)) is kept
        with database.read() as session:
            ends = session.scalars(select(func.max(SignInSession.expires_at))).one()
        assert ends - now == (timedelta(days=14) if kept else timedelta(hours=12))
