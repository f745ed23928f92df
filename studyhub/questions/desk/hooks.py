"""What higher rooms give to the desk: `app.py` lists it, as it lists who listens to which event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from studyhub.questions.revisions import Revision

Preview = Callable[[Revision, bytes | None], Markup]

KEY = "studyhub.bank_desk"


@dataclass(frozen=True, slots=True)
class DeskHooks:
    """`preview` shows a question as the taking page does, to be answered and without anything of its key; its
    variables have the values of the seed, without one their first ones."""

    preview: Preview
