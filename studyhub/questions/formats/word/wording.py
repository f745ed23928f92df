"""The sentences about Word documents."""

from __future__ import annotations

from typing import Any

from studyhub.web.i18n import lazy_gettext as _l

REFUSALS: dict[str, Any] = {
    "no_word_document": _l("The package holds no Word document."),
    "old_office_file": _l(
        "The file is in the format of old office programs, or locked with a password. Open it in Word or WPS"
        " and save it as .docx, without a password."
    ),
}

NOTES: dict[str, Any] = {
    "footnote_left": _l("%(count)s footnotes or endnotes do not come along."),
    "text_box_left": _l("%(count)s text boxes do not come along: “%(text)s”."),
}

DOUBTS: dict[str, Any] = {
    "formula_field": _l("It holds a formula in a field (EQ), which is not read. Type it in between dollars."),
    "formula_unwritable": _l("A formula in it is not wholly understood; only its letters were read."),
    "picture_unshown": _l("A picture or object in it cannot be shown (only PNG, JPEG, GIF and WebP can)."),
    "symbol_lost": _l("It holds a sign of a symbol font that is not known; □ stands for it."),
    "text_box_beside": _l("A text box stands beside it, whose text was left out."),
}
