"""A table that a phone shows row by row: each value beside the name of its column, and still a cell."""

from __future__ import annotations

from markupsafe import Markup

from studyhub.web.tables import is_wide, row_by_row

HEAD = (
    '<thead><tr><th scope="col" class="sortable"><a href="?sort=name">Name &amp; unit'
    '<span aria-hidden="true"> ↑</span></a></th><th scope="col" class="n">Number</th>'
    '<th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>'
)
BODY = '<tbody><tr><th scope="row">甲</th><td class="n">7</td><td>x</td></tr></tbody>'


def test_every_value_has_the_name_of_its_column() -> None:
    table = row_by_row(Markup(HEAD + BODY))
    assert '<th role="rowheader" data-label="Name &amp; unit" scope="row">甲</th>' in table
    assert '<td role="cell" data-label="Number" class="n">7</td>' in table


def test_a_head_for_screen_readers_only_names_no_value() -> None:
    assert '<td role="cell">x</td>' in row_by_row(Markup(HEAD + BODY))


def test_a_cell_over_several_columns_has_no_name() -> None:
    table = row_by_row(Markup(HEAD + '<tbody><tr><td colspan="3">nothing</td></tr></tbody>'))
    assert '<td role="cell" colspan="3">' in table


def test_rows_keep_their_roles_and_heads_by_which_nothing_is_ordered_are_told() -> None:
    table = row_by_row(Markup(HEAD.replace("sortable", "") + BODY))
    assert '<thead role="rowgroup" class="unsorted">' in table
    assert table.count('<tr role="row">') == 2
    assert "unsorted" not in row_by_row(Markup(HEAD + BODY))


def test_a_table_is_wide_from_four_columns_on() -> None:
    assert not is_wide(Markup(HEAD + BODY))
    assert is_wide(Markup("<thead><tr>" + "<th>a</th>" * 4 + "</tr></thead><tbody></tbody>"))
