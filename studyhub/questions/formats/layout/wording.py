"""The sentences about documents in the Chinese layout: what was guessed, skipped, and left outside."""

from __future__ import annotations

from typing import Any

from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.i18n import lazy_ngettext

REASONS: dict[str, Any] = {
    "entry_too_long": _l(
        "It is longer than %(longest)s characters: the questions in it were not told apart."
    ),
    "no_layout": _l(
        "The list and the answer of this %(kind)s do not come out. Type it anew, one list after the other."
    ),
    "no_options": _l("It stands below a heading for choice questions and has no options."),
    "no_stem": _l("It has a number and no text."),
}

NOTES: dict[str, Any] = {
    "answer_unused": lazy_ngettext(
        "%(count)s answer belongs to no question: “%(text)s”.",
        "%(count)s answers belong to no question, the first is “%(text)s”.",
    ),
    "text_outside": lazy_ngettext(
        "%(count)s line belongs to no question and was left out: “%(text)s”.",
        "%(count)s lines belong to no question and were left out, the first is “%(text)s”.",
    ),
    "value_unread": _l("“%(value)s” behind “%(label)s” is not understood and was left out."),
}

DOUBTS: dict[str, Any] = {
    "all_coloured": _l("All of its options are set apart by colour, and all were taken for right."),
    "alternatives": _l("“%(value)s” may be one text, or several that are all right."),
    "answer_in_blank": _l("The answer was taken from the text itself: “%(value)s”."),
    "answer_in_bold": _l("No answer is named; option %(letters)s alone is in bold and was taken for right."),
    "answer_underlined": _l(
        "No answer is named; option %(letters)s alone is underlined and was taken for right."
    ),
    "answer_no_option": _l("The answer names %(letters)s, and there is no such option."),
    "answer_unread": _l("“%(value)s” names none of the options."),
    "answered_twice": _l("It has more than one answer. Two questions may stand here as one."),
    "answers_differ": _l("Different places say that different answers are right: %(answers)s."),
    "blank_count": _l("There are %(blanks)s blanks, and “%(value)s” does not come out as so many answers."),
    "kind_differs": _l("The heading above it names another type."),
    "line_after_options": _l(
        "Text follows the last option. It may belong to it, or be a question of its own."
    ),
    "may_hold_two": _l("The number that comes next stands within it: two questions may stand here as one."),
    "multiple_with_one": _l("It is to be multiple choice, and one option is right."),
    "no_answer": _l("No right answer was found."),
    "no_blank": _l("The text has no blank. One was put where the answer belongs."),
    "number_decimal": _l("Its number and its first words may as well be one decimal fraction."),
    "number_jump": _l("Its number does not follow the one before: a question may be missing."),
    "option_heading": _l("Option %(letter)s reads like the heading of a section."),
    "option_letters": _l("The letters of the options are %(letters)s."),
    "several_brackets": _l("Several brackets hold letters (%(letters)s). The last was taken for the answer."),
    "single_with_several": _l("It stands below “single choice”, and %(letters)s are right."),
    "stem_unnumbered": _l("It has no number, unlike the others: it may belong to the question before."),
    "taken_for_essay": _l("Nothing says of which type it is. It was taken for an essay."),
    "under_material": lazy_ngettext(
        "Nothing says which questions belong to the text: the one below it was taken.",
        "Nothing says which questions belong to the text: all %(count)s up to the next heading were taken.",
    ),
    "verdict_letter": _l(
        "The answer is “%(letter)s”, and there are no options. A was taken for right, B for wrong."
    ),
}
