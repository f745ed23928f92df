"""Members and branches from a workbook: every mistake in its row, and the plan that was shown is applied."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.organization.models import Branch, Member, StagedImport
from studyhub.organization.sheets.reading import read_rows
from tests.factories.workbooks import LAUGHS, book, linked, package
from tests.web.organization.conftest import Browse


def upload(browser, kind: str, text: str):  # type: ignore[no-untyped-def]
    return browser.post(f"/admin/{kind}/import", {"file": (BytesIO(text.encode("gb18030")), "名单.csv")})


def test_an_import_shows_every_mistake_in_its_row(browse: Browse, database: Database) -> None:
    browser = browse("admin")
    answer = upload(browser, "members", "member_no,name,branch,phone\n1,甲,eas-1,\n2,,east-1,12\n")
    page = answer.get_data(as_text=True)
    for words in ("3 处错误", "是不是“east-1”", "这里必须填写", "这不是电话号码"):
        assert words in page
    with database.read() as session:
        assert session.execute(select(Member).where(Member.member_no == "1")).first() is None


def test_the_plan_that_was_shown_is_the_one_that_is_applied(browse: Browse, database: Database) -> None:
    browser = browse("admin")
    place = upload(browser, "members", "member_no,name,branch\n10001,新人,east-1\nli,,west-1\n").headers[
        "Location"
    ]
    page = browser.text(place)
    assert re.search(r"east-1<.span>\s*→[^→]*west-1<", page)
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest
    browse("admin").post("/members/li/edit", {"name": "改名", "phone": "", "clearance": "internal"})
    changed = browser.post(place, {"digest": digest.group(1)})
    assert changed.status_code == 409
    assert "看过计划之后又有变动" in changed.get_data(as_text=True)
    fresh = re.search(r'name="digest" value="(\w+)"', changed.get_data(as_text=True))
    assert fresh
    assert browser.post(place, {"digest": fresh.group(1)}).headers["Location"] == "/admin/members"
    assert browser.post(place, {"digest": fresh.group(1)}).status_code == 409
    assert browser.get("/members/10001").status_code == 200


@pytest.mark.parametrize("kind", ["members", "branches"])
@pytest.mark.parametrize(
    ("hostile", "said"),
    [
        (book("<sheetData/>", before=LAUGHS), "文档类型或实体"),
        (linked(book("<sheetData/>")), "链接"),
        (package(**{"xl/workbook.xml": "<x/>", "xl/a.xml": "<x>" + " " * 9_000_000}), "解开后"),
    ],
)
def test_a_hostile_workbook_is_refused_with_its_reason_and_kept_nowhere(
    browse: Browse, database: Database, kind: str, hostile: bytes, said: str
) -> None:
    browser = browse("admin")
    browser.text(f"/admin/{kind}/import")
    answer = browser.post(f"/admin/{kind}/import", {"file": (BytesIO(hostile), "名单.xlsx")})
    assert said in answer.get_data(as_text=True)
    with database.read() as session:
        assert session.execute(select(StagedImport)).first() is None


def test_a_tree_is_imported_changed_and_pruned(browse: Browse, database: Database) -> None:
    browser = browse("admin")
    place = upload(browser, "branches", "code,name,parent,kind\nn-1,新支部,n,\nn,新总支,city,\n").headers[
        "Location"
    ]
    digest = re.search(r'name="digest" value="(\w+)"', browser.text(place))
    assert digest
    browser.post(place, {"digest": digest.group(1)})
    assert "新总支" in browser.text("/admin/branches")
    browser.post("/admin/branches/n-1/move", {"parent": "east"})
    browser.post("/admin/branches/n/close")
    browser.post("/admin/branches/n-1/merge", {"into": "east-1"})
    with database.read() as session:
        closed = session.execute(select(Branch.code).where(Branch.closed_at.is_not(None))).scalars()
        assert sorted(closed) == ["n", "n-1"]


def test_the_workbook_to_fill_in_holds_the_columns(browse: Browse) -> None:
    answer = browse("admin").get("/admin/members/template.xlsx")
    assert read_rows(answer.data)[0].cells[:3] == ("member_no", "name", "branch")
