"""Migrations run up, down and up again, and their head is what the models say."""

from studyhub.db import migrations
from studyhub.db.database import Database


def test_head_equals_the_models(database: Database) -> None:
    assert migrations.differences(database) == []
    assert migrations.current(database) == migrations.head()


def test_up_down_and_up_again(database: Database) -> None:
    migrations.downgrade(database)
    assert migrations.current(database) is None
    migrations.upgrade(database)
    assert migrations.differences(database) == []
