"""The level of a bank or a course, as their files say it: public, internal or restricted, never secret."""

from __future__ import annotations

from studyhub.questions.bank import LEVELS
from studyhub.questions.document import Scalar
from studyhub.questions.fields import Fields

SPOKEN = {"公开": "public", "内部": "internal", "受控": "restricted"}
# State secrets, in the words of the law and as people translate them. This system holds none.
SECRET = ("秘密", "机密", "绝密", "secret", "confidential", "top secret", "top-secret")


def read_level(fields: Fields) -> str:
    """What `level` says; "internal" where it says nothing or, after a fault, nothing that there is."""
    node = fields.value("level")
    word = node.value.strip() if isinstance(node, Scalar) else ""
    if node is not None and word.lower().startswith(SECRET):
        fields.report.error("secret_level", node, "level_is", value=word)
        return "internal"
    return fields.choice("level", LEVELS, SPOKEN) or "internal"
