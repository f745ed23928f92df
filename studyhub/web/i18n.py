"""Languages: messages are English in the code; each room keeps its own Chinese in a .po file beside it.

The catalogues are read straight from the .po files when the application starts and merged in memory, so
there is nothing to compile and nothing that can be stale. `web/catalogue.py` sees that none is incomplete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, Domain, LazyString
from flask_login import current_user

from studyhub.config import LOCALES, Settings
from studyhub.web.headers import cookie_name
from studyhub.web.services import settings

LANGUAGE_COOKIE = "language"
_ROOMS = Path(__file__).resolve().parent.parent
_CATALOGUE = "translations/zh/LC_MESSAGES/messages.po"
_KEY = "studyhub.catalogues"
_CHOSEN = "studyhub_language"
_UNTRANSLATED = NullTranslations()


class RoomsDomain(Domain):  # type: ignore[misc]
    """The merged catalogues of all rooms."""

    def get_translations(self) -> NullTranslations:
        """Chinese from the catalogues; English is what the code says."""
        return _catalogue()


class RoomsBabel(Babel):  # type: ignore[misc]
    """Flask-Babel, looking words up in the rooms' catalogues."""

    domain_instance: Domain = None


def init(app: Flask, settings: Settings) -> None:
    """Set Flask-Babel up."""
    app.extensions[_KEY] = {locale: Translations() for locale in LOCALES}
    babel = RoomsBabel(
        app,
        default_locale=settings.locale,
        default_timezone=settings.timezone,
        locale_selector=choose_locale,
    )
    babel.domain_instance = RoomsDomain(translation_directories=[])
    # Flask-Babel's own look up the locale anew for each of a page's hundred messages.
    app.jinja_env.install_gettext_callables(_look_up, _look_up_number, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(language=language, in_a_row=in_a_row)


def collect_catalogues(app: Flask, words: Mapping[str, str]) -> None:
    """Read every room's Chinese. Where a sentence has `[[member]]`, the organisation's word goes in."""
    app.extensions[_KEY]["zh"] = chinese(tuple(words.items()))


@cache
def chinese(words: tuple[tuple[str, str], ...]) -> Translations:
    """The catalogues of all rooms in one."""
    merged = Translations()
    merged.plural = lambda _count: 0  # Chinese has one form for every number
    for path in sorted(_ROOMS.glob(f"*/{_CATALOGUE}")):
        merged.merge(read_catalogue(path, words))
    return merged


@cache
def read_catalogue(path: Path, words: tuple[tuple[str, str], ...] = ()) -> Translations:
    """The translations of one .po file, with the words put into the places that they have in it."""
    text = path.read_text("utf-8")
    for key, word in words:
        text = text.replace(f"[[{key}]]", word)
    catalogue = read_po(BytesIO(text.encode()), locale="zh")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def gettext(message: str, **values: object) -> str:
    """The message in the reader's language, with `%(name)s` filled in."""
    text = _look_up(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The message for that number of things; `%(num)s` is the number."""
    return _look_up_number(singular, plural, num) % {"num": num, **values}


def _look_up(message: str) -> str:
    return _catalogue().gettext(message)


def _look_up_number(singular: str, plural: str, num: int) -> str:
    return _catalogue().ngettext(singular, plural, num)


def _catalogue() -> NullTranslations:
    """Chinese from the catalogues; English is what the code says. Without an application too."""
    if not current_app:
        return _UNTRANSLATED
    found: NullTranslations = current_app.extensions[_KEY][language()]
    return found


def lazy_gettext(message: str, **values: object) -> Any:
    """The message, put into the reader's language when it is shown."""
    return LazyString(gettext, message, **values)


@dataclass(frozen=True, slots=True)
class Counted:
    """A sentence about a number of things that is known only when it is shown: `%(count)s` in both forms."""

    one: str
    many: str

    def __mod__(self, values: Mapping[str, Any]) -> str:
        return _look_up_number(self.one, self.many, values["count"]) % values


def lazy_ngettext(one: str, many: str) -> Counted:
    """The sentence, put into the reader's language and its number when it is shown."""
    return Counted(one, many)


def in_a_row(*sentences: str | None) -> str:
    """Sentences one after the other; in Chinese nothing stands between them."""
    between = "" if current_app and language() == "zh" else " "
    return between.join(filter(None, sentences))


def spoken(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a sentence: of several names, one after the other with commas between them."""
    return {
        key: gettext(", ").join(map(str, value)) if isinstance(value, tuple | list) else value
        for key, value in params.items()
    }


def lazy(make: Callable[..., str], *arguments: object) -> Any:
    """Text made when it is shown."""
    return LazyString(make, *arguments)


def language() -> str:
    """The language of this answer: `zh` or `en`."""
    if not g:
        return LOCALES[0]
    chosen: str | None = g.get(_CHOSEN)
    if chosen is None:
        chosen = choose_locale()
        setattr(g, _CHOSEN, chosen)
    return chosen


def choose_locale() -> str:
    """The member's own choice, else the browser's (cookie, then Accept-Language), else the setting."""
    if not has_request_context():
        return settings().locale
    own: str | None = current_user.locale
    if own in LOCALES:
        return own
    # A script sends no cookies: to look for one goes through all its headers.
    if "HTTP_COOKIE" in request.environ:
        browser = request.cookies.get(cookie_name(LANGUAGE_COOKIE, settings()))
        if browser in LOCALES:
            return browser
    return request.accept_languages.best_match(LOCALES) or settings().locale
