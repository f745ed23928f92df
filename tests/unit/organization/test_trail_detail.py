"""The trail's details are read in words, in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from studyhub.organization.trail.wording import KEYS, in_words


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({"created": 2, "key_changed": 0}, [("新增", "2")]),
        ({"questions": 57, "changed": 1, "retired": 0}, [("题库现有试题", "57"), ("有修改", "1")]),
        ({"until": "2027-01-16T00:00:00+08:00"}, [("截止", "2027年1月15日")]),
        ({"until": None}, [("截止", "–")]),
        ({"made_at": "2024-01-16T09:30:00+08:00"}, [("制作时间", "2024年1月16日 09:30")]),
        ({"members": ["m1", "m2"]}, [("人数", "2 人")]),
        ({"members": 2}, [("人数", "2")]),
        ({"bytes": 6_065_425, "files": 23}, [("大小", "6.1 MB"), ("文件数", "23")]),
        ({"kind": "edit", "questions": ["a", "b"]}, [("类别", "编辑"), ("试题", "a、b")]),
        ({"from": "active", "to": "left"}, [("之前", "正式党员"), ("之后", "已离开")]),
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
