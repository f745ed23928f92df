"""What becomes of a save: the first rule that fits, in the order of the interface."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from studyhub.exams.journal import Outcome
from studyhub.exams.saving import Save, Stored, outcome

AT = datetime(2026, 11, 25, tzinfo=UTC)
STORED = Stored("B", 1, 5, AT)


def result(
    answer: object,
    epoch: int,
    seq: int,
    *,
    is_open: bool = True,
    now: int = 1,
    stored: Stored | None = STORED,
) -> Outcome:
    return outcome(Save(answer, epoch, seq), stored, is_open=is_open, epoch=now)


def test_a_first_and_a_newer_save_are_saved() -> None:
    assert result("B", 1, 1, stored=None) is Outcome.SAVED
    assert result("C", 1, 6) is Outcome.SAVED
    assert result(None, 1, 6) is Outcome.SAVED


def test_a_late_save_never_overwrites_a_newer_one() -> None:
    assert result("C", 1, 4) is Outcome.SUPERSEDED


def test_the_same_number_with_other_content_is_a_conflict() -> None:
    assert result("C", 1, 5) is Outcome.CONFLICT


def test_a_repeated_save_is_a_duplicate_whatever_the_state() -> None:
    assert result("B", 1, 5) is Outcome.DUPLICATE
    assert result("B", 1, 5, is_open=False) is Outcome.DUPLICATE
    assert result("B", 1, 5, now=2) is Outcome.DUPLICATE


def test_a_closed_attempt_comes_before_a_foreign_epoch() -> None:
    assert result("C", 9, 9, is_open=False) is Outcome.ATTEMPT_CLOSED


def test_a_foreign_epoch_comes_before_the_order_of_saves() -> None:
    assert result("C", 1, 9, now=2) is Outcome.TAKEN_OVER
    assert result("C", 1, 2, now=2) is Outcome.TAKEN_OVER
    assert result("C", 3, 9, now=2) is Outcome.TAKEN_OVER


def test_the_same_again_from_another_device_is_saved_there() -> None:
    """It is no duplicate, whose epoch is the stored one, and no conflict, whose content is another."""
    assert result("B", 2, 5, now=2) is Outcome.SAVED
    assert result("B", 2, 5, now=2, is_open=False) is Outcome.ATTEMPT_CLOSED
    assert result("B", 2, 4, now=2) is Outcome.SUPERSEDED


def test_the_order_of_saves_goes_on_after_a_take_over() -> None:
    assert result("C", 2, 5, now=2) is Outcome.CONFLICT
    assert result("C", 2, 6, now=2) is Outcome.SAVED


SAVES = st.lists(st.builds(Save, st.sampled_from("AB"), st.just(1), st.integers(1, 6)), max_size=12)


@given(SAVES)
def test_whatever_the_order_of_arrival_the_highest_number_is_kept(saves: list[Save]) -> None:
    stored: Stored | None = None
    for save in saves:
        if outcome(save, stored, is_open=True, epoch=1) is Outcome.SAVED:
            assert stored is None or save.seq > stored.seq
            stored = Stored(save.answer, save.epoch, save.seq, AT)
    assert stored is None if not saves else stored is not None and stored.seq == max(s.seq for s in saves)
