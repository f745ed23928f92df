from __future__ import annotations

from studyhub.kernel.faults import Fault, Severity, any_error, in_reading_order, nearest, told_once


def test_faults_are_read_from_the_top_of_the_file() -> None:
    faults = [Fault("c", 9, 1), Fault("b", 2, 7), Fault("a", 2, 3)]
    assert [fault.code for fault in in_reading_order(faults)] == ["a", "b", "c"]


def test_warnings_alone_do_not_keep_a_file_out() -> None:
    warning = Fault("no_explanation", 3, 5, severity=Severity.WARNING)
    assert not any_error([warning])
    assert any_error([warning, Fault("unknown_key", 4, 5)])


def test_a_misspelt_word_finds_the_one_that_was_meant() -> None:
    assert nearest("anwser", ["answer", "options"]) == "answer"
    assert nearest("Answer ", ["answer", "options"]) == "answer"
    assert nearest("zzz", ["answer", "options"]) is None


def test_a_fault_can_be_said_of_an_item() -> None:
    assert Fault("unknown_key", 4, 5).about("q1").subject == "q1"


def test_warnings_that_say_the_same_are_told_once_and_errors_one_by_one() -> None:
    def warning(subject: str, **params: object) -> Fault:
        return Fault("no_explanation", params=params, severity=Severity.WARNING, subject=subject)

    one, other, again = warning("q1", place={"at": 1}), warning("q2", id="q1"), warning("q3", place={"at": 3})
    error = Fault("unknown_key", 4, 5, {"key": "k"})
    assert told_once([one, error, other, error, again]) == [[one, again], [error], [other], [error]]
