"""The fix-it desk: one doubtful question after the other beside its words; the rules that came of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.kernel.errors import NotFound
from studyhub.kernel.faults import Fault
from studyhub.kernel.permissions import Permission
from studyhub.questions import images, wording
from studyhub.questions.bank import Question
from studyhub.questions.fixing import operations, queries
from studyhub.questions.fixing import wording as words
from studyhub.questions.fixing.operations import NewRule
from studyhub.questions.fixing.queries import Settled
from studyhub.questions.formats import FORMATS, deciding
from studyhub.questions.formats import wording as said
from studyhub.questions.formats.conversion import checked_alone
from studyhub.questions.formats.deciding import Decision, Doubtful
from studyhub.questions.formats.exchange import Format, Item
from studyhub.questions.formats.sheet_formats import TABLES
from studyhub.questions.importing import Doors
from studyhub.questions.models import BankUpload
from studyhub.questions.rendering import block, render
from studyhub.questions.states import Verdict
from studyhub.questions.uploads import reading
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import in_a_row
from studyhub.web.identity import current_actor
from studyhub.web.services import clock
from studyhub.web.transaction import current_session, read, write

room = Room("bank_doubts", "studyhub.questions", url_prefix="/admin/banks", refusals=wording.REFUSALS)

MANAGE = Permission.MANAGE_BANKS


@dataclass(frozen=True, slots=True)
class Preview:
    """A reading of an item as it would be: the question with its HTML, or what the checker has against it."""

    question: Question | None
    html: dict[str, str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """An upload with its doubtful items, the files that came with it, and what is decided."""

    upload: BankUpload
    items: Sequence[Doubtful]
    files: Collection[str]
    settled: Settled

    @property
    def left(self) -> list[Doubtful]:
        return deciding.undecided(self.items, self.settled.decide)

    def item(self, key: str) -> Doubtful:
        found = next((one for one in self.items if one.key == key), None)
        if found is None:
            raise NotFound
        return found


@room.page("/uploads/<int:upload_id>/doubts", permission=MANAGE, transaction=None)
def desk(upload_id: int) -> ResponseReturnValue:
    """The next undecided item, or the one that is asked for; at the end, what was decided."""
    work = _work(upload_id)
    if work is None:
        return redirect(url_for("bank_uploads.show", upload_id=upload_id))
    asked = request.args.get("item", "")
    left = work.left
    one = work.item(asked) if asked else next(iter(left), None)
    return _page(work, one)


@room.post("/uploads/<int:upload_id>/doubts", permission=MANAGE, transaction=None)
def decide(upload_id: int) -> ResponseReturnValue:
    """Keep a decision, and go on to the next item."""
    work = _work(upload_id)
    if work is None:
        return redirect(url_for("bank_uploads.show", upload_id=upload_id))
    one = work.item(request.form.get("item", ""))
    decision = _decision(one)
    if decision.verdict is Verdict.EDIT:
        trouble = _trouble_with(decision.text, FORMATS[work.upload.form])
        if trouble:
            return _page(work, one, typed=decision.text, trouble=trouble), 422
    remember = request.form.get("remember", "")
    with write() as session:
        operations.decide(session, upload_id, one.key, decision, now())
        if remember in ("me", "all") and decision.is_general:
            for code in one.codes_for(decision):
                rule = NewRule(code, decision, for_all=remember == "all")
                operations.keep_rule(session, current_actor(), rule, now())
    return redirect(url_for(".desk", upload_id=upload_id))


@room.page("/uploads/<int:upload_id>/files/<path:name>", permission=MANAGE, transaction=None)
def file(upload_id: int, name: str) -> ResponseReturnValue:
    """A picture that came with the upload, as its preview names it."""
    with read() as session:
        reading.own(session, current_actor(), upload_id)
        data = reading.file_of(session, upload_id, name)
    if data is None:
        raise NotFound
    return Response(data, content_type=images.media_type(data))


@room.post("/uploads/<int:upload_id>/doubts/undo", permission=MANAGE, transaction=None)
def undo(upload_id: int) -> ResponseReturnValue:
    """Take the last decision back, and show its item again."""
    with read() as session:
        reading.own(session, current_actor(), upload_id)
    with write() as session:
        item = operations.undo(session, upload_id)
    if item is None:
        flash(_("There is nothing to take back."), "error")
    return redirect(url_for(".desk", upload_id=upload_id, item=item))


@room.page("/uploads/rules", permission=MANAGE)
def rules() -> ResponseReturnValue:
    """What is decided the same way each time."""
    found = queries.rules(current_session(), current_actor())
    return render_template("banks/rules.html", rules=found, words=words)


@room.post("/uploads/rules/<int:rule_id>/forget", permission=MANAGE, writes=True)
def forget(rule_id: int) -> ResponseReturnValue:
    """Ask again next time."""
    operations.forget_rule(current_session(), current_actor(), rule_id, now())
    flash(_("The rule is forgotten. Next time you are asked again."), "success")
    return redirect(url_for(".rules"))


def _work(upload_id: int) -> Work | None:
    """What there is to decide; None when the file must be read first, by a task."""
    doors = Doors(read, write, current_actor(), clock())
    with read() as session:
        upload = reading.own(session, current_actor(), upload_id)
        settled = queries.settled(session, current_actor(), upload_id)
    kept = reading.ready(doors, upload, decided=False)
    return Work(upload, kept.doubtful, kept.files, settled) if kept else None


def _decision(one: Doubtful) -> Decision:
    """What the form says: accept, leave, edit, or `choose:` and the name of a reading. Raises NotFound."""
    verdict, _colon, name = request.form.get("verdict", "").partition(":")
    if verdict == Verdict.CHOOSE and name in {choice.name for choice in one.choices}:
        return Decision(Verdict.CHOOSE, name)
    if verdict == Verdict.EDIT:
        text = request.form.get("text", "").replace("\r\n", "\n")[: operations.LONGEST_TEXT]
        return Decision(Verdict.EDIT, text=text)
    if verdict == Verdict.LEAVE or (verdict == Verdict.ACCEPT and one.item is not None):
        return Decision(Verdict(verdict))
    raise NotFound


def _trouble_with(text: str, origin: Format) -> str:
    """Why what was typed is no question yet; "" when it is one, or several."""
    reading = deciding.typed(text, origin)
    if reading.skipped:
        return said.reason(reading.skipped[0])
    if not reading.questions:
        return _("There is no question in it.")
    faults = [fault for item in reading.questions if (fault := checked_alone(item)[1])]
    if not faults:
        return ""
    doubts = [said.doubt(doubt) for doubt in reading.doubts]
    return in_a_row(_in_words(faults[0]), *doubts[:1])


def _page(work: Work, one: Doubtful | None, typed: str = "", trouble: str = "") -> str:
    left = work.left
    return render_template(
        "banks/doubts.html",
        work=work,
        one=one,
        preview=_preview(work, one.item) if one and one.item else None,
        decision=work.settled.decisions.get(one.key) if one else None,
        earlier=work.settled.earlier(one) if one else None,
        typed=typed or (one.source if one else ""),
        trouble=trouble,
        of_a_sheet=work.upload.form in TABLES,
        left=left,
        done=len(work.items) - len(left),
        recalled=work.settled.recalled(work.items),
        ruled=work.settled.ruled(work.items),
        said=said,
        words=words,
        wording=wording,
    )


def _in_words(fault: Fault) -> str:
    return in_a_row(wording.on_a_page(fault), wording.hint(fault))


def _preview(work: Work, item: Item) -> Preview:
    def address(path: str) -> str | None:
        there = path in work.files
        return url_for(".file", upload_id=work.upload.id, name=path) if there else images.address(path)

    question, fault = checked_alone(item)
    if question is None:
        prompt = {"prompt": block(str(item.get("prompt", "")), address)}
        return Preview(None, prompt, _in_words(fault) if fault else "")
    return Preview(question, render(question, address))
