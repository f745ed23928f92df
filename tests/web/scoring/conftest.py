"""A tree of branches with results, a page of it as somebody reads it, and what stands on the page."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from tests.factories import scoring as sat


@pytest.fixture
def world(database, clock):
    return sat.world_in(database, clock)


@pytest.fixture
def open_page(client, bearer):
    def get(who, path, **headers):
        return client.get(path, headers=bearer(who) | {"Accept-Language": "zh"} | headers)

    return get


def listed(page):
    """The numbers of the table's members, in its order."""
    return re.findall(r"/members/([^/]+)/progress", page)


def sheets_of(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.get_data()))
