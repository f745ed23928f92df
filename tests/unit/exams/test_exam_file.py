"""The exam file: every mistake at once with its place, and what is written can be read back."""

from __future__ import annotations

import re
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.exams.blueprint import Blueprint, QuestionRef, Section, Shuffle, Where
from studyhub.exams.file.reading import ExamText, read
from studyhub.exams.file.writing import from_json, to_json
from studyhub.exams.release import Release, ReviewPolicy
from studyhub.exams.states import ExamState, Keep
from studyhub.exams.timing import Window
from studyhub.exams.wording import fault_hint, fault_message
from studyhub.kernel.points import Points
from studyhub.questions.difficulty import Band

ZONE = ZoneInfo("Asia/Shanghai")
WHOLE = """\
exam: cyber-2026-q4
title: 2026 年第四季度网络安全测试
opens: 2026-11-01 08:00          # organisation's time zone
closes: 2026-12-31 18:00
minutes: 30
attempts: 2
keep: best
pass: 60%
for: [east-district]
state: published
sections:
  - title: 单项选择
    draw: 15
    from: [cyber-hygiene]
    where: {type: single, tags: {all: [security], any: [], none: [history]}}
    points: 2
    mix: {easy: 40%, medium: 40%, hard: 20%}
  - title: 多项选择
    draw: 5
    from: [cyber-hygiene]
    where: {type: multiple}
    points: 4
    must: [phishing-mail]
shuffle: {questions: true, options: true}
avoid_seen: false
on_deadline: submit
review: {score: submitted, answers: closed, explanations: closed}
rehearsal: false
"""


def text(content: str) -> ExamText:
    return read(content.encode(), ZONE)


def faults(content: str) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.code) for fault in text(content).faults]


def changed(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


def test_the_whole_format_is_read() -> None:
    plan = text(WHOLE).blueprint
    assert plan is not None
    assert plan.slug == "cyber-2026-q4"
    assert plan.window.opens_at is not None
    assert plan.window.opens_at.isoformat() == "2026-11-01T08:00:00+08:00"
    assert (plan.attempts, plan.pass_share, plan.branches) == (2, Fraction(3, 5), ("east-district",))
    first, second = plan.sections
    assert first.where == Where(
        types=frozenset({"single"}), all_tags=frozenset({"security"}), no_tags=frozenset({"history"})
    )
    assert first.mix[0] == (Band.EASY, Fraction(2, 5))
    assert first.points == 200
    assert second.must == (QuestionRef("cyber-hygiene", "phishing-mail"),)


def test_what_is_left_out_has_its_default() -> None:
    plan = text("exam: e\ntitle: t\nminutes: 5\nsections: [{title: s, draw: 1, from: b}]\n").blueprint
    assert plan == Blueprint("e", "t", (Section("s", 1, ("b",)),), Window(None, None, 5))


def test_several_values_mean_any_of_them() -> None:
    several = changed("type: single, tags: {all: [security], any: [], none: [history]}", "tags: [a, b]")
    plan = text(several).blueprint
    assert plan is not None
    assert plan.sections[0].where == Where(any_tags=frozenset({"a", "b"}))


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ("minutes: 30", "minuets: 30", (5, 1), "unknown_key"),
        ("title: 2026", "title: t\ntitle: 2026", (3, 1), "duplicate_key"),
        ("pass: 60%", "pass: 60", (8, 7), "not_a_percentage"),
        ("pass: 60%", "pass: 101%", (8, 7), "not_a_percentage"),
        ("opens: 2026-11-01 08:00", "opens: 2026-11-01", (3, 8), "not_a_moment"),
        ("opens: 2026-11-01 08:00", "opens: 2026-02-30 08:00", (3, 8), "not_a_moment"),
        ("opens: 2026-11-01 08:00", 'opens: "0001-01-01 00:00"', (3, 8), "not_a_moment"),
        ("closes: 2026-12-31 18:00", 'closes: "9999-12-31 23:59-12:00"', (4, 9), "not_a_moment"),
        ("closes: 2026-12-31", "closes: 2025-12-31", (4, 9), "closes_before_it_opens"),
        ("attempts: 2", "attempts: 0", (6, 11), "not_whole"),
        ("attempts: 2", "attempts: 2次", (6, 11), "not_a_number"),
        ("attempts: 2", "attempts: often", (6, 11), "unknown_word"),
        ("keep: best", "keep: bset", (7, 7), "unknown_word"),
        ("draw: 15", "draw: 1.5", (13, 11), "not_whole"),
        ("draw: 5\n", "draw: 0\n", (19, 11), "not_whole"),
        ("hard: 20%", "hard: 30%", (17, 10), "mix_not_whole"),
        ("points: 4", "points: 0.005", (22, 13), "bad_points"),
        ("must: [phishing-mail]", "must: [other/q]", (23, 12), "must_not_in_from"),
        ("type: multiple", "type: multipel", (21, 19), "unknown_word"),
        ("score: submitted", "score: later", (27, 17), "unknown_word"),
        ("avoid_seen: false", "avoid_seen: true", (25, 13), "not_supported_yet"),
        ("on_deadline: submit", "on_deadline: grace", (26, 14), "not_supported_yet"),
        ("rehearsal: false", "rehearsal: true", (28, 12), "not_supported_yet"),
        ("rehearsal: false", "balance: 2%", (28, 10), "not_supported_yet"),
    ],
)
def test_each_mistake_is_found_where_it_stands(old: str, new: str, place: tuple[int, int], code: str) -> None:
    assert (*place, code) in faults(changed(old, new))


@pytest.mark.parametrize(
    ("old", "new", "code", "meant"),
    [
        ("attempts: 2", "attempts: 无限", "unknown_word", "unlimited"),
        ("attempts: 2", "attempts: unlimted", "unknown_word", "unlimited"),
        ("hard: 20%", "难: 20%", "chinese_key", "hard"),
        ("easy: 40%", "容易: 40%", "chinese_key", "easy"),
    ],
)
def test_a_word_in_chinese_comes_with_the_one_that_is_meant(
    old: str, new: str, code: str, meant: str
) -> None:
    found = read(changed(old, new).encode(), ZONE).faults
    assert [(fault.code, fault.hint, fault.params["meant"]) for fault in found] == [
        (code, "did_you_mean", meant)
    ]


def test_a_bare_must_needs_its_bank_where_there_are_several() -> None:
    two = changed("draw: 5\n    from: [cyber-hygiene]", "draw: 5\n    from: [cyber-hygiene, other]")
    assert [code for _, _, code in faults(two)] == ["must_needs_bank"]


def test_an_exam_needs_an_end() -> None:
    endless = WHOLE.replace("closes: 2026-12-31 18:00\n", "").replace("minutes: 30\n", "")
    assert (1, 1, "needs_minutes_or_closes") in faults(endless)


def test_what_waits_for_the_end_needs_one() -> None:
    endless = WHOLE.replace("closes: 2026-12-31 18:00\n", "")
    assert [code for _, _, code in faults(endless)] == ["review_needs_closes", "review_needs_closes"]
    by_default = endless.replace("review: {score: submitted, answers: closed, explanations: closed}\n", "")
    [fault] = text(by_default).faults
    assert (fault.code, fault.is_error, fault.hint) == ("review_never_opens", False, "give_an_end")


def test_a_word_that_is_none_does_not_count_as_its_default() -> None:
    endless = WHOLE.replace("closes: 2026-12-31 18:00\n", "").replace(
        "explanations: closed", "explanations: never"
    )
    assert faults(endless.replace("answers: closed", "answers: later")) == [(26, 37, "unknown_word")]


@pytest.mark.parametrize("gone", [":", " ", "\n", "[", "{", ",", "%", "-", "e"])
def test_what_a_slip_of_the_pen_leaves_can_be_said(gone: str) -> None:
    """One sign left out, wherever it stands: each fault has what its sentence speaks of."""
    for at in (found.start() for found in re.finditer(re.escape(gone), WHOLE)):
        for fault in text(WHOLE[:at] + WHOLE[at + 1 :]).faults:
            assert fault_message(fault)
            fault_hint(fault)


def test_a_share_under_a_name_that_is_none_may_be_what_is_missing() -> None:
    mix = changed("{easy: 40%, medium: 40%, hard: 20%}", "{easy: 40%, middling: 60%}")
    assert faults(mix) == [(17, 22, "unknown_key")]


def test_sections_that_cannot_be_read_are_not_missing_as_well() -> None:
    one = WHOLE[: WHOLE.index("  - title: 多项选择")] + WHOLE[WHOLE.index("shuffle:") :]
    assert faults(one.replace("title: 单项选择", "title: &a 单项选择")) == [(12, 12, "anchor")]


def test_a_chinese_key_gets_the_right_one_as_the_hint() -> None:
    [fault] = text(changed("minutes: 30", "时长: 30")).faults
    assert (fault.code, fault.params["meant"]) == ("chinese_key", "minutes")


@pytest.mark.parametrize("name", ["new", "import"])
def test_an_exam_has_no_name_whose_page_is_another(name: str) -> None:
    lines = WHOLE.splitlines()
    [line] = [number for number, each in enumerate(lines) if each.startswith("exam: ")]
    lines[line] = f"exam: {name}"
    assert faults("\n".join(lines)) == [(line + 1, 7, "reserved_slug")]


def test_several_mistakes_are_all_reported() -> None:
    broken = changed("draw: 15", "draw: 0").replace("pass: 60%", "pass: much").replace("exam: c", "exam: C")
    assert [code for _, _, code in faults(broken)] == ["bad_slug", "not_a_percentage", "not_whole"]


@pytest.mark.parametrize("content", ["", "[]", "just words", "exam: [", "\tx", "sections: 3", "a: &b c"])
def test_what_is_no_exam_at_all_is_refused_with_a_fault(content: str) -> None:
    assert text(content).blueprint is None
    assert text(content).faults


SLUGS = st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)
WORDS = st.from_regex(r"[a-z题库0-9]{1,8}", fullmatch=True)
THIRDS = ((Band.HARD, Fraction(3333, 10_000)), (Band.EASY, Fraction(6667, 10_000)))
MIXES = st.sampled_from([(), THIRDS])
SECTIONS = st.builds(
    Section,
    title=WORDS,
    draw=st.integers(1, 500),
    banks=st.lists(SLUGS, min_size=1, max_size=3, unique=True).map(tuple),
    where=st.builds(
        Where,
        types=st.frozensets(st.sampled_from(["single", "blank"])),
        difficulties=st.frozensets(st.sampled_from(list(Band))),
        all_tags=st.frozensets(WORDS, max_size=2),
        any_tags=st.frozensets(WORDS, max_size=2),
        no_tags=st.frozensets(WORDS, max_size=2),
    ),
    points=st.none() | st.integers(1, 100_000).map(Points),
    mix=MIXES,
)
PLANS = st.builds(
    Blueprint,
    slug=SLUGS,
    title=WORDS,
    sections=st.lists(SECTIONS, min_size=1, max_size=3).map(tuple),
    window=st.builds(
        Window,
        st.none(),
        st.datetimes(timezones=st.just(ZONE)).map(lambda at: at.replace(year=2026, microsecond=0)),
        st.none() | st.integers(1, 600),
    ),
    attempts=st.none() | st.integers(1, 1000),
    keep=st.sampled_from(list(Keep)),
    pass_share=st.none() | st.integers(0, 10_000).map(lambda n: Fraction(n, 10_000)),
    branches=st.lists(SLUGS, max_size=3, unique=True).map(tuple),
    state=st.sampled_from(list(ExamState)),
    shuffle=st.builds(Shuffle, st.booleans(), st.booleans()),
    review=st.builds(ReviewPolicy, *[st.sampled_from(list(Release))] * 3),
)


@given(PLANS)
def test_a_stored_definition_comes_back_as_it_was(plan: Blueprint) -> None:
    assert from_json(to_json(plan)) == plan
