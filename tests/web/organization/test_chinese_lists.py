"""Lists as people keep them in Excel, in Chinese, from the upload to what comes of it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.organization.models import Branch, Grant, Member
from studyhub.organization.roles import Role
from studyhub.organization.sheets.reading import read_rows
from studyhub.organization.states import MemberStatus
from studyhub.organization.wording import KINDS, ROLES
from studyhub.web import words
from tests.factories import organization as make
from tests.factories import workbooks
from tests.web.organization.conftest import Browse

Rows = Sequence[Sequence[Any]]
ROSTER: Rows = (
    ("东区党员花名册",),
    (),
    ("序号", "姓 名", "编号", "所在党支部", "手机号码", "党员类别", "入党时间", "角色"),
    (1, "王　芳", "10001", "东区第一党支部", "１３８００１３８００１", "正式党员", "2024年3月1日", "书记"),
    (2, "赵敏", 10002, "west-1", 13900139002, "预备党员", "2024/3/1", "无"),
    (),
    (3, "li 同志", "li", "西区第一党支部", "", "正式", "", ""),
)


def csv(rows: Rows) -> bytes:
    return "".join(",".join(str(cell) for cell in row) + "\r\n" for row in rows).encode("gb18030")


def xlsx(rows: Rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.active["G4"] = date(2024, 3, 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: Rows) -> bytes:
    return workbooks.xls(*rows)


def upload(browser: Any, kind: str, data: bytes, name: str = "花名册.xlsx") -> Any:
    return browser.post(f"/admin/{kind}/import", {"file": (io.BytesIO(data), name)})


def apply(browser: Any, kind: str, data: bytes) -> str:
    """Upload and do what the plan says. Returns the page of the plan."""
    place = upload(browser, kind, data).headers["Location"]
    page: str = browser.text(place)
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest
    assert browser.post(place, {"digest": digest.group(1)}).status_code == 302
    return page


@pytest.mark.parametrize("write", [csv, xlsx, xls])
def test_a_roster_of_excel_simply_works(browse: Browse, database: Database, write) -> None:  # type: ignore[no-untyped-def]
    page = apply(browse("admin"), "members", write(ROSTER))
    assert "没有用到的列：序号、入党时间" in page
    with database.read() as session:
        rows = select(Member.member_no, Member.name, Member.phone, Member.status, Branch.code)
        found = session.execute(rows.join(Branch, Branch.id == Member.branch_id).order_by(Member.member_no))
        people = {row.member_no: tuple(row)[1:] for row in found}
        assert people["10001"] == ("王芳", "13800138001", MemberStatus.ACTIVE, "east-1")
        assert people["10002"] == ("赵敏", "13900139002", MemberStatus.PROBATIONARY, "west-1")
        assert people["li"] == ("li 同志", None, MemberStatus.ACTIVE, "west-1")
        held = (
            select(Grant.role).join(Member, Member.id == Grant.member_id).where(Member.member_no == "10001")
        )
        assert session.scalars(held).all() == [Role.LEADER]


def test_a_plan_names_the_branches_with_their_codes_beside_them(browse: Browse) -> None:
    browser = browse("admin")
    page = browser.text(upload(browser, "members", csv(ROSTER)).headers["Location"])
    line = re.sub(r"<[^>]+>|\s+", " ", page)
    assert re.search(r"东区第一党支部 +east-1 +→ +西区第一党支部 +west-1", line)
    page = browser.text(
        upload(browser, "branches", "编号,名称,上级\neast-1,东区第一党支部,city\n".encode()).headers[
            "Location"
        ]
    )
    line = re.sub(r"<[^>]+>|\s+", " ", page)
    assert re.search(r"东区党总支 +east +→ +市直机关工委 +city", line)


def test_a_plan_shows_the_phone_numbers_and_names_the_row_of_an_unlikely_one(browse: Browse) -> None:
    rows = (*ROSTER[:4], (2, "赵敏", "10002", "west-1", "1380000", "正式", "", ""))
    browser = browse("admin")
    page = browser.text(upload(browser, "members", csv(rows)).headers["Location"])
    line = re.sub(r"<[^>]+>|\s+", " ", page)
    assert "行：赵敏的号码 1380000 不像电话号码" in line
    assert "13800138001" in line
    assert "1380000" in line.partition("将要发生的变化")[2]
    apply(browser, "members", csv(rows))


def test_a_fault_stands_under_the_heading_and_in_the_row_of_the_file(browse: Browse) -> None:
    rows = (*ROSTER[:3], (1, "王芳", "1", "东区第二党支部", "12", "正式", "", ""))
    page = upload(browse("admin"), "members", xls(rows)).get_data(as_text=True)
    line = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "4 所在党支部 没有编号或名称为“东区第二党支部”的组织。 是不是“东区第一党支部”" in line
    assert "4 手机号码 这不是电话号码" in line


def test_a_name_of_two_branches_is_refused_with_their_codes(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        east = session.scalars(select(Branch).where(Branch.code == "east")).one()
        make.branch(session, "east-2", now, parent=east, name="西区第一党支部")
    page = upload(browse("admin"), "members", csv(ROSTER)).get_data(as_text=True)
    assert "有多个组织都叫“西区第一党支部”" in page
    assert "east-2、west-1" in page


@pytest.mark.parametrize("pack", ["party", "general"])
@pytest.mark.parametrize("headings", ["zh", "en"])
def test_the_workbook_to_fill_in_is_itself_a_file_that_works(
    browse: Browse, monkeypatch: pytest.MonkeyPatch, headings: str, pack: str
) -> None:
    monkeypatch.setitem(words.PACKS, "party", words.PACKS[pack])
    browser = browse("admin")
    for kind in ("branches", "members"):
        data = browser.get(f"/admin/{kind}/template.xlsx?headings={headings}").data
        assert (read_rows(data)[0].cells[0] == "编号") == (headings == "zh")
        assert "新" in apply(browser, kind, data)


@pytest.mark.parametrize(("pack", "called"), [("party", "党组织"), ("general", "组织")])
def test_a_column_that_is_missing_is_called_as_the_organisation_does(
    browse: Browse, monkeypatch: pytest.MonkeyPatch, pack: str, called: str
) -> None:
    monkeypatch.setitem(words.PACKS, "party", words.PACKS[pack])
    admin = browse("admin")
    page = upload(admin, "members", xlsx((("编号", "姓名", "手机号"), ("10001", "王芳", "")) + ((),) * 2))
    text = page.get_data(as_text=True)
    assert f"缺少“{called}”列" in text
    assert f"其中包括：编号、姓名、{called}。" in text
    assert re.search(rf"<td[^>]*>{called}</td>", text)
    assert f"{called} <code>branch</code>" in admin.text("/admin/members/import")


def test_roles_and_kinds_of_branches_are_written_alike_in_english(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        names = [str(name) for name in (*ROLES.values(), *KINDS.values())]
    assert [name for name in names if not name[0].isupper()] == []
