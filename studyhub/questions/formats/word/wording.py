"""The sentences about Word documents."""

from __future__ import annotations

from typing import Any

from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.i18n import lazy_ngettext

REFUSALS: dict[str, Any] = {
    "no_word_document": _l("The package holds no Word document."),
    "old_office_file": _l(
        "The file is in the format of old office programs, or locked with a password. Open it in Word or WPS"
        " and save it as .docx, without a password."
    ),
}

NOTES: dict[str, Any] = {
    "footnote_left": lazy_ngettext(
        "%(count)s footnote or endnote does not come along.",
        "%(count)s footnotes or endnotes do not come along.",
    ),
    "comment_left": lazy_ngettext(
        "%(count)s comment in the margin does not come along.",
        "%(count)s comments in the margin do not come along.",
    ),
    "margins_left": lazy_ngettext(
        "%(count)s header or footer is not read: “%(text)s”.",
        "%(count)s headers and footers are not read, the first is “%(text)s”.",
    ),
    "margins_unread": lazy_ngettext(
        "%(count)s header or footer is broken or too large and was not looked at.",
        "%(count)s headers and footers are broken, too large or too many and were not looked at.",
    ),
    "hidden_left": lazy_ngettext(
        "%(count)s hidden text does not come along: “%(text)s”.",
        "%(count)s hidden texts do not come along, the first is “%(text)s”.",
    ),
    "text_box_left": lazy_ngettext(
        "%(count)s text box does not come along: “%(text)s”.",
        "%(count)s text boxes do not come along: “%(text)s”.",
    ),
}

DOUBTS: dict[str, Any] = {
    "formula_field": _l("It holds a formula in a field (EQ), which is not read. Type it in between dollars."),
    "formula_unwritable": _l("A formula in it is not wholly understood; only its letters were read."),
    "picture_unshown": _l("A picture or object in it cannot be shown (only PNG, JPEG, GIF and WebP can)."),
    "struck_out": _l(
        "“%(text)s” is struck out in the document, and was read like the rest. Take it out if it was deleted."
    ),
    "symbol_lost": _l("It holds a sign of a symbol font that is not known; □ stands for it."),
    "text_box_beside": _l("A text box stands beside it, whose text was left out."),
}
