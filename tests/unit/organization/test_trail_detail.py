"""The trail's details are read in words, in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from studyhub.organization.trail.wording import KEYS, in_words


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({"created": 2, "key_changed": 0}, [("新增", "2"), ("正确答案有变", "0")]),
        ({"kind": "edit", "questions": ["a", "b"]}, [("类别", "编辑"), ("试题", "a, b")]),
        ({"from": "active", "to": "left"}, [("之前", "在册"), ("之后", "已离开")]),
        ({"reason": "left"}, [("原因", "left")]),
        ({"whole": True, "broken": None}, [("完整", "是"), ("损坏的封存", "–")]),
        ({"told by a later version": 1}, [("told by a later version", "1")]),
    ],
)
def test_keys_and_codes_are_words_and_what_a_person_wrote_stays(
    app: Flask, detail: dict[str, Any], said: list[tuple[str, str]]
) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert in_words(detail) == said


def test_no_key_is_english_in_chinese(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert [key for key in KEYS if in_words({key: 1})[0][0].isascii()] == []
