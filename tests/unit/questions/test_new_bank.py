"""What a new bank says of itself is judged as its file would be."""

from __future__ import annotations

import pytest

from studyhub.questions.beginning import head

SOUND = {"bank": "cyber", "title": "网络安全", "language": "zh", "level": "internal"}


def test_a_sound_head_has_no_fault() -> None:
    assert head.judge(head.read(SOUND)) == {}


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("bank", "", "missing_key"),
        ("bank", "Cyber Hygiene", "bad_slug"),
        ("bank", "import", "reserved_slug"),
        ("title", " ", "missing_key"),
        ("title", "机密★1年 的题库", "secret_mark"),
        ("title", "题" * 201, "too_long"),
        ("language", "fr", "unknown_word"),
        ("level", "秘密", "secret_level"),
    ],
)
def test_each_fault_stands_at_its_field(key: str, text: str, code: str) -> None:
    faults = head.judge(head.read({**SOUND, key: text}))
    assert {name: [fault.code for fault in each] for name, each in faults.items()} == {key: [code]}


def test_a_name_is_suggested_for_one_that_cannot_be() -> None:
    [fault] = head.judge({**SOUND, "bank": "Cyber Hygiene"})["bank"]
    assert fault.params["meant"] == "cyber-hygiene"
