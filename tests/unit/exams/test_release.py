"""What a member may see of an attempt, and when. Nothing is ever shown of an open one."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from studyhub.exams.release import (
    NOTHING,
    Release,
    Released,
    ReviewPolicy,
    closed_at,
    released,
    review_available_at,
    score_available_at,
)

CLOSES = datetime(2026, 12, 1, tzinfo=UTC)
BEFORE, AFTER = CLOSES - timedelta(seconds=1), CLOSES
SECOND = timedelta(seconds=1)
ALL_POLICIES = [ReviewPolicy(*each) for each in product(Release, repeat=3)]


@pytest.mark.parametrize("policy", ALL_POLICIES)
def test_nothing_is_shown_of_an_open_attempt_whatever_the_policy(policy: ReviewPolicy) -> None:
    assert released(policy, is_open=True, over_at=CLOSES, now=AFTER) == NOTHING


@pytest.mark.parametrize("policy", ALL_POLICIES)
def test_each_part_is_released_by_its_own_rule(policy: ReviewPolicy) -> None:
    for now, shown in (
        (BEFORE, {Release.SUBMITTED}),
        (AFTER, {Release.SUBMITTED, Release.CLOSED}),
    ):
        assert released(policy, is_open=False, over_at=CLOSES, now=now) == Released(
            policy.score in shown, policy.answers in shown, policy.explanations in shown
        )


def test_by_default_the_score_comes_at_once_and_the_key_when_the_exam_is_over() -> None:
    before = released(ReviewPolicy(), is_open=False, over_at=CLOSES, now=BEFORE)
    assert (before.score, before.answers, before.explanations, before.review) == (True, False, False, False)
    after = released(ReviewPolicy(), is_open=False, over_at=CLOSES, now=AFTER)
    assert after.review
    assert after.marks


def test_marks_are_hidden_with_either_the_score_or_the_key() -> None:
    assert not Released(score=True, answers=False, explanations=True).marks
    assert not Released(score=False, answers=True).marks


def test_an_exam_without_an_end_is_never_over() -> None:
    assert closed_at(None, AFTER) is None
    policy = ReviewPolicy(answers=Release.CLOSED)
    assert not released(policy, is_open=False, over_at=None, now=AFTER).answers


def test_the_exam_is_over_when_the_last_open_attempt_is() -> None:
    assert closed_at(CLOSES, None) == CLOSES
    assert closed_at(CLOSES, CLOSES - SECOND) == CLOSES
    assert closed_at(CLOSES, CLOSES + SECOND) == CLOSES + SECOND


def test_it_is_said_when_the_review_opens_as_far_as_that_is_known() -> None:
    assert review_available_at(ReviewPolicy(), CLOSES) == CLOSES
    never = ReviewPolicy(answers=Release.NEVER, explanations=Release.NEVER)
    assert review_available_at(never, CLOSES) is None
    assert review_available_at(ReviewPolicy(answers=Release.SUBMITTED), None) is None


def test_a_score_that_waits_says_until_when() -> None:
    assert score_available_at(ReviewPolicy(score=Release.CLOSED), CLOSES) == CLOSES
    assert score_available_at(ReviewPolicy(score=Release.SUBMITTED), CLOSES) is None
    assert score_available_at(ReviewPolicy(score=Release.NEVER), CLOSES) is None
