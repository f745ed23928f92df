"""A matrix of marks is read as spreadsheets write it, and every mistake comes back with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.scoring.mark_matrix import decode, read_matrix

HEAD = "member,q1,q2\nmax,1,2\n"


def faults_of(text: str) -> list[tuple[str, int, int]]:
    matrix, faults = read_matrix(text)
    assert matrix is None
    return [(fault.code, fault.line, fault.column) for fault in faults]


def test_an_empty_cell_is_an_item_not_met():
    matrix, faults = read_matrix(HEAD + "a,1,\nb,0.5,2\n")
    assert not faults
    assert matrix is not None
    assert matrix.items == ("q1", "q2")
    assert matrix.scale == 10
    assert matrix.maxima == (10, 20)
    assert matrix.rows == ((10, None), (5, 20))


def test_blank_lines_and_the_mark_of_a_spreadsheet_are_let_be():
    matrix, _ = read_matrix(decode(b"\xef\xbb\xbf" + (HEAD + "\n,,\na,1,2\n").encode()))
    assert matrix is not None
    assert matrix.rows == ((1, 2),)


def test_a_file_saved_in_the_chinese_code_page_is_read():
    matrix, _ = read_matrix(decode("member,第一题\nmax,1\n王建国,1\n".encode("gb18030")))
    assert matrix is not None
    assert matrix.items == ("第一题",)


def test_every_mistake_comes_back_at_once():
    assert faults_of(HEAD + "a,x,3\nb,1,1e400\n") == [
        ("matrix_not_a_number", 3, 2),
        ("matrix_number_out_of_range", 4, 3),
        ("matrix_mark_above_maximum", 3, 3),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "matrix_too_short"),
        ("member,q1\nmax,1\n", "matrix_too_short"),
        ("member\nmax\na\n", "matrix_no_items"),
        ("member,q1\na,1\nb,0\n", "matrix_no_maxima"),
        ("member,q1\nmax,1\na,1,1\n", "matrix_row_length"),
        ("member,q1\nmax,1\na\n", "matrix_row_length"),
        ("member,q1,\nmax,1,1\na,1,1\n", "matrix_item_unnamed"),
        ("member,q1,q1\nmax,1,1\na,1,1\n", "matrix_item_twice"),
        ("member,q1\nmax,1\na,1\na,0\n", "matrix_member_twice"),
        ("member,q1\nmax,\na,1\n", "matrix_maximum_not_positive"),
        ("member,q1\nmax,0\na,0\n", "matrix_maximum_not_positive"),
        ("member,q1\nmax,1\na,1_0\n", "matrix_not_a_number"),
        ("member,q1\nmax,1\na,nan\n", "matrix_not_a_number"),
        ("member,q1\nmax,1\na,Infinity\n", "matrix_not_a_number"),
        ('member,q1\nmax,1\na,"1\n', "matrix_not_csv"),
        ("member" + ",q" * 1001 + "\nmax" + ",1" * 1001 + "\na" + ",1" * 1001, "matrix_too_large"),
    ],
)
def test_what_is_wrong_has_a_name(text, code):
    assert code in {found for found, _, _ in faults_of(text)}


def test_marks_as_programs_write_them_are_read():
    matrix, _ = read_matrix(HEAD + "a,0.33333333333333331,2\nb,1E-3,1.\n")
    assert matrix is not None


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_reader(text):
    matrix, faults = read_matrix(text)
    assert (matrix is None) == bool(faults)
