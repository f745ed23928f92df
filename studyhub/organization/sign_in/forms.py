"""The forms of signing in. What they say is in the reader's language; what they check is only presence."""

from __future__ import annotations

from wtforms import BooleanField, Form, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from studyhub.organization.sign_in.passwords import LONGEST, SHORTEST
from studyhub.web.i18n import lazy_gettext as _l

_NEEDED = InputRequired(_l("Please fill this in."))


def _keep() -> BooleanField:
    return BooleanField(
        _l("Keep me signed in on this device"),
        description=_l(
            "For 14 days. Do not tick it on a computer that others use: you are then signed out when the "
            "browser is closed, and after 12 hours at the latest."
        ),
    )


class SignInForm(Form):  # type: ignore[misc]
    """A number or phone, and a password or the code of a slip."""

    member_no = StringField(
        _l("Member number or phone"),
        [_NEEDED, Length(max=64)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"), [_NEEDED, Length(max=256)], render_kw={"autocomplete": "current-password"}
    )
    keep = _keep()


class CodeForm(Form):  # type: ignore[misc]
    """The 20 digits of a slip."""

    code = StringField(
        _l("The code on your slip"),
        [_NEEDED, Length(max=64)],
        description=_l("20 digits, in groups of four. Blanks do not matter."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )


class NewPasswordForm(Form):  # type: ignore[misc]
    """A password typed twice; the present one where it is known."""

    current = PasswordField(
        _l("Present password"), [Length(max=256)], render_kw={"autocomplete": "current-password"}
    )
    password = PasswordField(
        _l("New password"),
        [_NEEDED, Length(max=LONGEST)],
        description=_l(
            "At least %(count)s characters. A few words in a row are easy to remember.", count=SHORTEST
        ),
        render_kw={"autocomplete": "new-password", "minlength": str(SHORTEST)},
    )
    again = PasswordField(
        _l("The same password again"),
        [_NEEDED, Length(max=LONGEST)],
        render_kw={"autocomplete": "new-password"},
    )

    def mistyped(self) -> bool:
        """Note at the second field that the two differ."""
        if self.password.data == self.again.data:
            return False
        self.again.errors = [_l("The two passwords differ. Type the same one twice.")]
        return True


class FirstPasswordForm(NewPasswordForm):
    """The first password, with which the member enters at once."""

    keep = _keep()


class TypeSizeForm(Form):  # type: ignore[misc]
    """Ordinary or large type."""

    size = RadioField(
        _l("How large should the text be?"),
        choices=[SelectChoice("normal", _l("Ordinary type")), SelectChoice("large", _l("Large type"))],
        default="normal",
    )
