"""The sentences of faults in variables and their expressions, in the reader's language."""

from __future__ import annotations

from typing import Any

from studyhub.web.i18n import lazy_gettext as _l

OF_VARIABLES: dict[str, Any] = {
    "variable_count": _l("There are %(count)s variables; a question has 1 to %(most)s."),
    "variable_name": _l("“%(name)s” is no name for a variable."),
    "variable_domain": _l("“%(name)s” needs either “from” and “to”, or “choose”."),
    "variable_range": _l("“%(name)s” needs “from” no larger than “to”, and a “step” above 0."),
    "variable_size": _l("A number here is at most %(largest)s and has at most %(decimals)s decimals."),
    "choice_count": _l("There are %(count)s numbers to choose from; at most %(most)s."),
    "too_many_expressions": _l("The question has more than %(most)s different expressions."),
    "unknown_variable": _l("In “{{%(expression)s}}”, character %(at)s: there is no variable “%(name)s”."),
    "unused_variable": _l("The variable “%(name)s” is used nowhere."),
    "bare_expression": _l("“%(value)s” names a variable, and stays as it is: it is not computed."),
    "open_braces": _l("“{{” in “%(key)s” begins no expression: there is no “}}” after it."),
    "expression_too_long": _l("In “{{%(expression)s}}”: an expression has at most %(longest)s characters."),
    "expression_too_deep": _l(
        "In “{{%(expression)s}}”, character %(at)s: brackets are nested more than %(deepest)s deep."
    ),
    "expression_sign": _l(
        "In “{{%(expression)s}}”, character %(at)s: “%(character)s” has no meaning in an expression."
    ),
    "expression_end": _l("“{{%(expression)s}}” ends too early."),
    "expression_bracket": _l("In “{{%(expression)s}}” a bracket is never closed."),
    "expression_operator": _l(
        "In “{{%(expression)s}}”, character %(at)s: a sign such as * is missing before “%(text)s”."
    ),
    "expression_unexpected": _l("In “{{%(expression)s}}”, character %(at)s: “%(text)s” cannot stand here."),
    "expression_function": _l("In “{{%(expression)s}}”, character %(at)s: there is no function “%(name)s”."),
    "expression_arguments": _l(
        "In “{{%(expression)s}}”, character %(at)s: “%(name)s” does not take %(count)s numbers."
    ),
    "expression_exponent": _l(
        "In “{{%(expression)s}}”, character %(at)s: an exponent is a whole number of at most %(largest)s."
    ),
    "expression_exponent_for": _l(
        "In “{{%(expression)s}}”, character %(at)s: an exponent is a whole number of at most %(largest)s; "
        "not so with %(values)s."
    ),
    "expression_places": _l(
        "In “{{%(expression)s}}”, character %(at)s: round() keeps a whole number of 0 to %(most)s decimals."
    ),
    "expression_places_for": _l(
        "In “{{%(expression)s}}”, character %(at)s: round() keeps a whole number of 0 to %(most)s decimals; "
        "not so with %(values)s."
    ),
    "expression_size": _l(
        "In “{{%(expression)s}}”, character %(at)s: the number gets more than %(digits)s digits."
    ),
    "expression_size_for": _l(
        "In “{{%(expression)s}}”, character %(at)s: the number gets more than %(digits)s digits "
        "with %(values)s."
    ),
    "expression_zero": _l("In “{{%(expression)s}}”, character %(at)s: this can be a division by zero."),
    "expression_zero_for": _l(
        "In “{{%(expression)s}}”, character %(at)s: this is a division by zero with %(values)s."
    ),
    "expression_endless": _l("“{{%(expression)s}}” can have more than %(most)s decimals."),
    "expression_endless_for": _l("“{{%(expression)s}}” has more than %(most)s decimals with %(values)s."),
    "expression_not_proved": _l(
        "In “{{%(expression)s}}”, character %(at)s: this can be proved only where it is the same number for "
        "all values, or where there are fewer values."
    ),
    "variant_same": _l("Two texts that must differ are both “%(text)s” with %(values)s."),
    "variant_number": _l("“%(key)s” is “%(text)s” with %(values)s, and must be a number."),
    "too_many_variants": _l("The variables of this file have more combinations than can be tried."),
    "not_proved": _l(
        "It cannot be proved for all values that the texts differ and the answer is a number; up to %(most)s "
        "combinations are tried one by one."
    ),
}
