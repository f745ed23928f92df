"""The pure rules of signing in: codes, passwords, waiting."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from studyhub.organization.sign_in import activation_code, passwords, throttling
from studyhub.organization.sign_in.throttling import HERE, Tally

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def test_a_code_has_at_least_60_random_bits_and_no_letters() -> None:
    code = activation_code.new_code()
    assert code.isdigit()
    assert len(code) * math.log2(10) >= 60
    assert len({activation_code.new_code() for _ in range(200)}) == 200


@pytest.mark.parametrize("spelling", ["{}", "  {} ", "{}\n"])
def test_a_code_is_understood_as_people_type_it(spelling: str) -> None:
    code = activation_code.new_code()
    for separator in (" ", "-", "  ", "\u3000", "–"):
        typed = separator.join(code[at : at + 4] for at in range(0, 20, 4))
        assert activation_code.as_typed(spelling.format(typed)) == code


def test_full_width_digits_are_understood_and_other_texts_are_no_codes() -> None:
    assert activation_code.as_typed("１" * 20) == "1" * 20
    for text in ("1" * 19, "1" * 21, "a" * 20, "", "٣" * 20, "password"):
        assert activation_code.as_typed(text) is None


def test_the_stored_digest_is_not_the_code() -> None:
    assert b"1234" not in activation_code.digest("1234" * 5)


def test_a_password_is_hashed_with_the_19_mib_profile() -> None:
    assert "m=19456,t=2,p=1" in passwords.hash_password("four unrelated words")


def test_only_the_right_password_matches_and_nobody_without_one() -> None:
    stored = passwords.hash_password("four unrelated words")
    assert passwords.matches(stored, "four unrelated words")
    assert not passwords.matches(stored, "four unrelated word")
    assert not passwords.matches(None, "nobody's password")
    assert not passwords.matches("rubbish", "x")


def test_one_spelling_of_composed_characters() -> None:
    assert passwords.matches(passwords.hash_password("cafe\u0301 au lait"), "caf\u00e9 au lait")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("1234567", "password_too_short"),
        ("x" * 129, "password_too_long"),
        ("12345678", "password_too_common"),
        ("87654321", "password_too_common"),
        ("qwertyuiop", "password_too_common"),
        ("aaaaaaaaaa", "password_too_common"),
        ("Password1", "password_too_common"),
        ("13800138000", "password_is_known"),
        ("四个不相干的词语", None),
        ("tidy green harbour", None),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, why: str | None) -> None:
    assert passwords.weakness(password, "10001", "李秀兰", "13800138000") == why


def test_whoever_fails_waits_until_its_window_ends() -> None:
    tally = Tally(HERE.failures, NOW)
    assert throttling.wait(HERE, tally, NOW + timedelta(minutes=2)) == timedelta(minutes=3)
    assert throttling.wait(HERE, tally, NOW + HERE.window) is None


def test_fewer_failures_are_free() -> None:
    assert throttling.wait(HERE, Tally(HERE.failures - 1, NOW), NOW) is None
    assert throttling.wait(HERE, None, NOW) is None


def test_the_throttle_does_not_keep_what_was_typed() -> None:
    assert "secret" not in throttling.key(HERE, "my secret")
    assert throttling.key(HERE, " Ann ") == throttling.key(HERE, "ann")


def test_of_ipv6_a_household_is_one_address() -> None:
    assert throttling.network("2001:db8:1:2:aaaa::1") == throttling.network("2001:db8:1:2::9")
    assert throttling.network("2001:db8:1:2::1") != throttling.network("2001:db8:1:3::1")
    assert throttling.network("::ffff:10.0.0.1") == throttling.network("10.0.0.1") == "10.0.0.1"
    assert throttling.network("") == ""


def test_a_single_address_never_uses_up_what_an_account_is_given() -> None:
    windows = -(-throttling.ACCOUNT.window // HERE.window)
    assert HERE.failures * windows < throttling.ACCOUNT.failures
