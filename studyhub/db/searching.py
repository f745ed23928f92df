"""Conditions that each engine spells in its own way: words in a full-text index, a value in a list of JSON.

The index is one of words that the program has cut itself (see `questions/searching.py`): SQLite's trigram
tokenizer finds nothing for two Chinese characters, and PostgreSQL knows no Chinese words at all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

SEARCH_INDEX = "question_search"
"""The full-text index of `question_revision.words`: a virtual table of SQLite, a GIN index of PostgreSQL.

Made by the migration; the models know nothing of it, because each engine has another thing by this name.
"""


class WordsMatch(FunctionElement[bool]):
    """Whether the indexed words of a row hold all the terms; `holds_words` makes it."""

    type = Boolean()
    inherit_cache = True


@compiles(WordsMatch, "sqlite")
def _match_on_sqlite(element: WordsMatch, compiler: Any, **options: Any) -> str:
    row_id, _words, phrases, _query = element.clauses
    row, wanted = compiler.process(row_id, **options), compiler.process(phrases, **options)
    found = f"SELECT rowid FROM {SEARCH_INDEX} WHERE {SEARCH_INDEX} MATCH {wanted}"  # noqa: S608  no input
    return f"{row} IN ({found})"


@compiles(WordsMatch, "postgresql")
def _match_on_postgresql(element: WordsMatch, compiler: Any, **options: Any) -> str:
    _row_id, words, _phrases, query = element.clauses
    column, wanted = compiler.process(words, **options), compiler.process(query, **options)
    return f"to_tsvector('simple', {column}) @@ to_tsquery('simple', {wanted})"


def holds_words(row_id: Any, words: Any, terms: list[tuple[tuple[str, ...], bool]]) -> ColumnElement[bool]:
    """Each term: words that follow each other, and whether the last may go on. The words are letters only."""
    phrases = " AND ".join(f'"{" ".join(term)}"{" *" if open_end else ""}' for term, open_end in terms)
    query = " & ".join(f"({' <-> '.join(term)}{':*' if open_end else ''})" for term, open_end in terms)
    return WordsMatch(row_id, words, _text(phrases), _text(query))


class ListHolds(FunctionElement[bool]):
    """Whether a column with a JSON list of texts holds this one; `list_holds` makes it."""

    type = Boolean()
    inherit_cache = True


@compiles(ListHolds, "sqlite")
def _holds_on_sqlite(element: ListHolds, compiler: Any, **options: Any) -> str:
    column, value = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{value} IN (SELECT value FROM json_each({column}))"  # noqa: S608  two compiled clauses


@compiles(ListHolds, "postgresql")
def _holds_on_postgresql(element: ListHolds, compiler: Any, **options: Any) -> str:
    column, value = (compiler.process(clause, **options) for clause in element.clauses)
    return f"jsonb_exists(CAST({column} AS jsonb), {value})"


def list_holds(column: Any, value: str) -> ColumnElement[bool]:
    """Whether the JSON list in this column holds the text."""
    return ListHolds(column, _text(value))


def _text(value: str) -> Any:
    return bindparam(None, value, type_=String(), unique=True)
