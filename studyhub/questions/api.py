"""Banks for programs: check a file, plan its import, apply the plan.

The body of `check` and `plans` is the bank file itself (YAML, UTF-8), whatever its content type says.
"""

from __future__ import annotations

from typing import Literal

from flask import request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from studyhub.kernel.errors import Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.questions import across, bank_file, importing, wording
from studyhub.questions.importing import Doors
from studyhub.questions.source import LARGEST
from studyhub.web.api import answers, spec
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.services import clock
from studyhub.web.transaction import read, write

room = Room("banks_api", __name__, refusals=wording.REFUSALS)


class BankFault(BaseModel):
    """One mistake. Line and column are 1-based, in characters; 0 where the whole file is meant. `text` is
    what stands there."""

    line: int
    column: int
    severity: Literal["error", "warning"]
    code: str
    message: str
    hint: str | None
    question: str | None
    text: str


class CheckedFile(BaseModel):
    path: str
    questions: int
    faults: list[BankFault]


class BankReport(BaseModel):
    """As the command line reports it; `faults` are those of the one file."""

    files: list[CheckedFile]
    questions: int
    errors: int
    warnings: int
    faults: list[BankFault]


class BankImport(BaseModel):
    """How many questions the bank has then, and what happens to them."""

    bank: str
    questions: int
    created: int
    changed: int
    retired: int
    unchanged: int
    key_changed: int
    brought_back: int


class BankChanges(BaseModel):
    """The ids of the questions, and the keys of the bank itself, that change."""

    created: list[str]
    changed: list[str]
    retired: list[str]
    key_changed: list[str]
    brought_back: list[str]
    bank: list[str]


class PlannedImport(BankImport):
    id: int
    changes: BankChanges
    warnings: list[BankFault]


@room.post("/api/v1/banks/check", permission=Permission.MANAGE_BANKS, transaction=None, max_body=LARGEST + 1)
@spec.validate(resp=answers(HTTP_200=BankReport), tags=["banks"])
def check_bank() -> ResponseReturnValue:
    """Every fault of a bank file. Nothing is stored."""
    report = wording.report([("", bank_file.check(request.get_data()))])
    return report | {"faults": report["files"][0]["faults"]}


@room.post("/api/v1/banks/plans", permission=Permission.MANAGE_BANKS, transaction=None, max_body=LARGEST + 1)
@spec.validate(resp=answers(HTTP_201=PlannedImport, problems=(422,)), tags=["banks"])
def plan_bank() -> ResponseReturnValue:
    """What importing this file would do. A file with errors is 422 `faulty_file` with its `faults`."""
    data = request.get_data()
    checked = bank_file.check(data)
    if checked.bank is None:
        raise Unprocessable("faulty_file", faults=wording.faults_json(checked))
    doors = _doors()
    prepared = importing.plan_import(doors, checked.bank, "", data)
    plan = prepared.plan
    [checked] = across.warn_of_known([checked], importing.prompts_beside(doors, [checked]))
    changes = {
        "created": list(plan.created),
        "changed": list(plan.changed),
        "retired": list(plan.retired),
        "key_changed": list(plan.key_changed),
        "brought_back": list(plan.brought_back),
        "bank": list(plan.head),
    }
    return {
        "id": prepared.plan_id,
        **plan.counts,
        "changes": changes,
        "warnings": wording.faults_json(checked),
    }, 201


@room.post("/api/v1/banks/plans/<int:plan_id>/apply", permission=Permission.MANAGE_BANKS, transaction=None)
@spec.validate(resp=answers(HTTP_200=BankImport, problems=(409,)), tags=["banks"])
def apply_bank(plan_id: int) -> ResponseReturnValue:
    """Carry out one's own plan. 409 `plan_stale` when the bank has changed since."""
    doors = _doors()
    prepared = importing.prepare(doors, plan_id)
    importing.apply(doors, [prepared])
    return prepared.plan.counts


def _doors() -> Doors:
    return Doors(read, write, current_actor(), clock())
