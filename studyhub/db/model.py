"""The base of every table, with names for every constraint so that migrations can speak of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Integer, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from studyhub.db.types import UtcDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite only gives out row ids to a column of type INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class Model(DeclarativeBase):
    """Maps `int` to 64-bit integers, `str` to text without a length, `datetime` to aware UTC."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {int: BigId, str: Text(), datetime: UtcDateTime()}
