"""Which step a revision may take, and who may let it."""

from __future__ import annotations

import pytest

from studyhub.questions.releasing import Waiting, may_step
from studyhub.questions.states import ReviewState

DRAFT, REVIEWED, RELEASED = ReviewState.DRAFT, ReviewState.REVIEWED, ReviewState.RELEASED
AUTHOR, OTHER = 1, 2


@pytest.mark.parametrize(
    ("state", "wanted", "verdict"),
    [
        (DRAFT, REVIEWED, "done"),
        (REVIEWED, RELEASED, "done"),
        (DRAFT, RELEASED, "elsewhere"),
        (RELEASED, REVIEWED, "elsewhere"),
        (RELEASED, RELEASED, "elsewhere"),
        (REVIEWED, DRAFT, "done"),
        (RELEASED, DRAFT, "done"),
        (DRAFT, DRAFT, "elsewhere"),
    ],
)
def test_a_step_follows_the_one_before_it(state: ReviewState, wanted: ReviewState, verdict: str) -> None:
    assert may_step(Waiting(1, AUTHOR, state), wanted, OTHER) == verdict


def test_who_wrote_a_revision_does_not_release_it() -> None:
    waiting = Waiting(1, AUTHOR, REVIEWED)
    assert may_step(waiting, RELEASED, AUTHOR) == "own"
    assert may_step(waiting, RELEASED, OTHER) == "done"
    assert may_step(waiting, DRAFT, AUTHOR) == "done"


def test_what_the_command_line_brought_in_anybody_may_release() -> None:
    assert may_step(Waiting(1, None, REVIEWED), RELEASED, OTHER) == "done"
