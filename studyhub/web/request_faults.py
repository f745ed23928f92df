"""What is wrong with a field of a request, in the reader's language: pydantic speaks English only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.web.i18n import lazy_gettext as _l

_WHOLE_NUMBER = _l("This must be a whole number.")
_NUMBER = _l("This must be a number.")
_YES_OR_NO = _l("This must be true or false.")
_OBJECT = _l("This must be a JSON object.")
_ONE_OF = _l("This must be one of: %(expected)s.")
_OTHER = _l("This value cannot be used here.")

_SENTENCES: dict[str, Any] = {
    "missing": _l("This is missing."),
    "extra_forbidden": _l("There is no such field here."),
    "string_type": _l("This must be text."),
    "string_too_short": _l("This must have at least %(min_length)s characters."),
    "string_too_long": _l("This must have at most %(max_length)s characters."),
    "string_pattern_mismatch": _l("This does not have the form that is expected here."),
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "list_type": _l("This must be a list."),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "greater_than": _l("This must be greater than %(gt)s."),
    "greater_than_equal": _l("This must be at least %(ge)s."),
    "less_than": _l("This must be less than %(lt)s."),
    "less_than_equal": _l("This must be at most %(le)s."),
    "too_short": _l("This must have at least %(min_length)s items."),
    "too_long": _l("This must have at most %(max_length)s items."),
    "literal_error": _ONE_OF,
    "enum": _ONE_OF,
}


def fault(field: str, code: str, limits: Mapping[str, Any] | None = None) -> dict[str, str]:
    """One of the `faults` of `invalid_request`; the code and its limits are pydantic's."""
    return {"field": field, "code": code, "message": str(_SENTENCES.get(code, _OTHER)) % (limits or {})}
