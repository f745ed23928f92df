"""What an exam file would change, key by key."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from studyhub.exams.file.reading import read
from studyhub.exams.file.writing import as_written, to_json
from studyhub.exams.planning import KeyChange, differing

ZONE = ZoneInfo("Asia/Shanghai")
WHOLE = """\
exam: whole
title: 安全“测试”
opens: 2026-11-01 08:00
closes: 2026-11-30 18:00:30
minutes: 30
attempts: unlimited
keep: last
pass: 66.67%
for: [lib-3]
state: draft
sections:
  - title: 一
    draw: 3
    from: bank
    where: {type: [single, truefalse], difficulty: [easy], tags: {any: [a, b]}}
    points: 2.5
    mix: {easy: 50%, hard: 50%}
    must: [bank/q1]
shuffle: {questions: false, options: true}
review: {score: submitted, answers: closed, explanations: never}
"""


def test_a_changed_key_is_shown_with_what_it_was_and_what_it_will_be() -> None:
    before = {"exam": "e", "minutes": 5, "for": ["a"], "pass": "60%"}
    after = {"exam": "e", "minutes": 7, "for": ["a", "b"], "sections": [{"draw": 2, "from": ["x"]}]}
    assert list(differing(before, after)) == [
        KeyChange("minutes", ("5",), ("7",)),
        KeyChange("for", ("a",), ("a", "b")),
        KeyChange("sections", (), ("draw: 2, from: [x]",)),
        KeyChange("pass", ("60%",), ()),
    ]


def test_of_a_new_exam_everything_is_shown_and_of_the_same_nothing() -> None:
    blueprint = read(WHOLE.encode(), ZONE).blueprint
    assert blueprint is not None
    written = as_written(blueprint)
    assert [change.key for change in differing({}, written)] == list(written)
    assert not list(differing(written, written))


def test_a_definition_as_it_is_stored_is_an_exam_file_as_well() -> None:
    blueprint = read(WHOLE.encode(), ZONE).blueprint
    assert blueprint is not None
    again = read(to_json(blueprint).encode(), ZONE)
    assert again.faults == []
    assert again.blueprint == blueprint
