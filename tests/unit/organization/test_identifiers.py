"""What identifies people and branches, and the number that must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.organization import identifiers


@pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x", "440524188001010014"])
def test_a_valid_id_number_is_recognised(number: str) -> None:
    assert identifiers.is_id_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",
        "110105194913310026",
        "11010519491231002",
        "123456789012345678",
        "A1010519491231002X",
    ],
)
def test_a_number_with_a_wrong_check_or_date_is_none(number: str) -> None:
    assert not identifiers.is_id_number(number)


@given(st.from_regex(r"[A-Za-z0-9._-]{1,32}", fullmatch=True))
def test_member_numbers_are_of_these_characters(text: str) -> None:
    assert identifiers.is_member_no(text)


@pytest.mark.parametrize("text", ["", "a b", "工号1", "x" * 33, "a/b", "1\n"])
def test_other_texts_are_no_member_numbers(text: str) -> None:
    assert not identifiers.is_member_no(text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("010 6601 2345", "01066012345"),
        ("+1 (212) 555 0100", "+12125550100"),
        ("138", None),
        ("11010519491231002X", None),
        ("电话", None),
    ],
)
def test_a_phone_number_is_stored_in_one_spelling(typed: str, stored: str | None) -> None:
    assert identifiers.phone_number(typed) == stored


@pytest.mark.parametrize(
    ("number", "likely"),
    [
        *[
            (number, True)
            for number in ("13800138000", "01066012345", "037966012345", "66012345", "+12125550100")
        ],
        *[(number, True) for number in ("0085223456789", "+447700900123", "02166012345")],
        *[
            (number, False)
            for number in ("1380000", "138000000012345", "138001380001", "12345", "0000000000")
        ],
    ],
)
def test_a_number_with_too_few_or_too_many_digits_is_no_likely_phone(number: str, likely: bool) -> None:
    assert identifiers.is_likely_phone(number) is likely


def test_a_mistyped_code_finds_the_one_that_was_meant_in_any_case() -> None:
    assert identifiers.Suggestions(["LIB-3", "LIB-4", "city"]).meant("lib_3") == "LIB-3"
    assert identifiers.Suggestions(["LIB-3"]).meant("zzzz") is None


def test_looking_for_what_was_meant_ends_after_its_budget() -> None:
    suggestions = identifiers.Suggestions(["lib-3"], budget=1)
    assert suggestions.meant("lib3") == "lib-3"
    assert suggestions.meant("lib_3") is None
    assert suggestions.meant("lib3") == "lib-3"
