"""What each fault of an imported file says, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.kernel.faults import Fault
from studyhub.organization.roles import Role
from studyhub.organization.states import Level
from studyhub.organization.wording import LEVELS, ROLES
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.words import PARTY, chinese_word

_SAVE_AS = _l("In Excel or WPS choose File, Save as, Excel workbook (.xlsx).")
_NEW_BOOK = _l("Copy the rows into a new workbook, and save that as .xlsx.")
_AS_TEXT = _l("Format the column as text, and type the value again.")

FAULTS: Mapping[str, tuple[Any, Any]] = {
    "ambiguous_branch": (
        _l("Several branches are called %(value)s."),
        _l("Write the code of the one that is meant: %(codes)s."),
    ),
    "bad_branch_code": (
        _l("%(value)s is no code for a branch."),
        _l("A code is 1 to 64 letters, digits, dots, dashes or underscores."),
    ),
    "reserved_branch_code": (
        _l("%(value)s is a page of this site, and no code for a branch."),
        _l("Take another code."),
    ),
    "bad_member_no": (
        _l("%(value)s is no member number."),
        _l("A member number is 1 to 32 letters, digits, dots, dashes or underscores."),
    ),
    "bad_name": (_l("This name cannot be used."), _l("A name is one line of at most 64 characters.")),
    "bad_phone": (_l("This is no phone number."), _l("A phone number has 5 to 15 digits.")),
    "branch_elsewhere": (
        _l("The branch %(value)s is not yours to administer."),
        _l("Leave the row out, or ask an administrator of the whole organisation."),
    ),
    "broken_csv": (
        _l("The CSV breaks off in the row that begins on line %(line)s."),
        _l("A quotation mark is probably missing there."),
    ),
    "broken_workbook": (
        _l("The workbook is damaged, or locked with a password."),
        _l("Take the password away, or save it as an Excel workbook (.xlsx)."),
    ),
    "cell_too_long": (_l("Line %(line)s has a cell of more than %(limit)s characters."), None),
    "circle": (
        _l("With this parent the branch would stand below itself."),
        _l("Follow the parents upwards: one of them leads back here."),
    ),
    "clearance_beyond": (
        _l("You are not cleared for %(value)s yourself, so you cannot clear anybody for it."),
        _l("Leave the clearance as it is, or ask an administrator of the whole organisation."),
    ),
    "column_called_otherwise": (
        _l("The column %(header)s is called %(meant)s."),
        _l("Write %(meant)s into the first row instead of %(header)s."),
    ),
    "column_ignored": (_l("Not used: %(header)s."), None),
    "column_twice": (_l("The column %(header)s is there twice."), _l("Delete one of the two.")),
    "date_value": (_l("Excel has turned this value into a date."), _AS_TEXT),
    "digits_lost": (_l("Excel has rounded this long number: its last digits are lost."), _AS_TEXT),
    "duplicate": (
        _l("The same value is already in row %(first_row)s."),
        _l("Keep the one that is right."),
    ),
    "empty_file": (_l("The file is empty."), None),
    "error_value": (
        _l("The cell holds an error of Excel instead of a value."),
        _l("Correct the formula, or type the value."),
    ),
    "file_too_large": (_l("The file is larger than %(limit_mb)s MB."), _l("Split it into several.")),
    "formula_unsaved": (
        _l("The cell holds a formula without its value."),
        _l("Open the file in Excel or WPS and save it, or type the value."),
    ),
    "id_number": (
        _l("This is a citizen's ID number. It must not be used as a member number."),
        _l("Use the staff number or a running number."),
    ),
    "long_value": (_l("This text is too long."), None),
    "member_elsewhere": (
        _l("This member is at home in a branch that you do not administer."),
        _l("Leave the row out, or ask an administrator of the whole organisation."),
    ),
    "missing_column": (
        _l("The column %(header)s is missing."),
        _l("A row above the others holds the headings, among them %(needed)s."),
    ),
    "missing_value": (
        _l("There is nothing here, but it is needed."),
        _l("Cells that were merged are blank but for the first: take them apart and fill each."),
    ),
    "more_cells_than_columns": (
        _l("The row has more cells than there are columns."),
        _l("A value with a comma stands between quotation marks."),
    ),
    "no_rows": (_l("There are no rows below the names of the columns."), None),
    "not_a_table": (_l("This is no table."), _l("Use CSV, .xlsx or .xls.")),
    "package_bomb": (
        _l("The workbook unpacks to far more than its size, or to more than %(limit_mb)s MB."),
        _l("Copy the rows into a new workbook, or split it into several."),
    ),
    "package_link": (
        _l("The workbook holds a link (%(name)s). Only plain files are taken."),
        _NEW_BOOK,
    ),
    "package_locked": (
        _l("The workbook is locked with a password."),
        _l("Take the password away, or save it as an Excel workbook (.xlsx)."),
    ),
    "package_path": (_l("A name in the workbook leads out of it: %(name)s."), _NEW_BOOK),
    "package_too_full": (_l("The workbook holds more than %(most)s files."), _NEW_BOOK),
    "package_twice": (_l("The workbook holds “%(name)s” twice."), _NEW_BOOK),
    "parent_closed": (
        _l("The branch %(value)s is closed."),
        _l("Name an open branch, or leave the row out."),
    ),
    "phone_taken": (
        _l("The member %(member_no)s has this phone number."),
        _l("People sign in by phone, so each number belongs to one person."),
    ),
    "role_elsewhere": (
        _l(
            "The role %(role)s goes beyond the branches that you administer: you can neither give nor end it."
        ),
        _l("Leave the roles as they are, or ask an administrator of the whole organisation."),
    ),
    "role_stays_behind": (
        _l("The role %(role)s over %(branch)s does not move with the member."),
        _l("End it on the member's page if it should not go on."),
    ),
    "too_deep": (_l("The tree can be 20 levels deep."), None),
    "too_many_columns": (_l("A row has more than %(limit)s cells."), None),
    "too_many_elements": (
        _l("The workbook holds far more formats, names and links than a list needs."),
        _l("Copy the rows into a new workbook, as values only."),
    ),
    "too_many_rows": (_l("The file has more than %(limit)s rows."), _l("Split it into several.")),
    "top_elsewhere": (
        _l("The branch would stand at the top of the tree, which is not yours to administer."),
        _l("Give it one of your own branches as its parent."),
    ),
    "unknown_branch": (
        _l("There is no branch with the code or the name %(value)s."),
        _l("Write its code, or its name as the tree of branches shows it."),
    ),
    "unknown_clearance": (
        _l("%(value)s is no clearance."),
        _l("Write public, internal or restricted, in Chinese 公开, 内部 or 受控."),
    ),
    "unknown_encoding": (
        _l("From line %(line)s on the text cannot be read."),
        _l("Save the file as CSV UTF-8, or as an Excel workbook (.xlsx)."),
    ),
    "unknown_kind": (
        _l("%(value)s is no kind of branch."),
        _l("Write committee, general_branch, home_branch or group."),
    ),
    "unknown_role": (
        _l("%(value)s is no role."),
        _l("Write admin, auditor, deputy, editor, group_leader or leader."),
    ),
    "unknown_status": (
        _l("%(value)s is no status."),
        _l("Write active, probationary or left, in Chinese 正式, 预备 or 已离开."),
    ),
    "unlikely_phone": (
        _l("%(value)s, the number of %(name)s, does not look like a phone number."),
        _l(
            "A mobile number begins with 1 and has 11 digits, a landline has its area code, one from abroad "
            "a +. People sign in by phone: correct it if it is mistyped."
        ),
    ),
    "utf16_without_mark": (
        _l("The text is in UTF-16 without a byte order mark."),
        _l("Save the file as CSV UTF-8, or as an Excel workbook (.xlsx)."),
    ),
    "web_page_as_workbook": (_l("This is a web page with the name of a workbook."), _SAVE_AS),
    "workbook_entities": (
        _l("The workbook declares document types or entities, which no program of ours writes."),
        _NEW_BOOK,
    ),
}


_PARTY_BRANCH = PARTY["branch"][0]


def in_our_words(heading: str) -> str:
    """A Chinese heading of our own, which stands in the code as the Party has it, in our words."""
    return heading.replace(_PARTY_BRANCH, chinese_word("branch"))


def column(fault: Fault) -> str | None:
    """What the column is called: as the file has it, and where it is missing as we would."""
    header: str | None = _said(fault).get("header")
    return header


def _said(fault: Fault) -> dict[str, Any]:
    if fault.code != "missing_column":
        return dict(fault.params)
    return {key: in_our_words(str(value)) for key, value in fault.params.items()}


def message(fault: Fault) -> str:
    """What is wrong, with roles and clearances in words."""
    said = _said(fault)
    if "role" in said:
        said["role"] = ROLES[Role(said["role"])]
    if fault.code == "clearance_beyond":
        said["value"] = LEVELS[Level(said["value"])]
    return str(FAULTS[fault.code][0]) % said


def hint(fault: Fault) -> str:
    """What to do about it; "" when there is nothing to add."""
    meant = fault.params.get("meant")
    if meant and fault.code != "column_called_otherwise":
        return _("Did you mean %(meant)s?", meant=meant)
    text = FAULTS[fault.code][1]
    return str(text) % _said(fault) if text else ""


def as_json(fault: Fault) -> dict[str, Any]:
    """The fault for programs: `line` is the row in the file, `column` the name of its column."""
    return {
        "line": fault.line,
        "column": column(fault),
        "severity": fault.severity.value,
        "code": fault.code,
        "message": message(fault),
        "hint": hint(fault),
    }
