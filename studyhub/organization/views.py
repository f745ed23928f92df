"""The rooms of the organization that answer requests, for `app.py` to register."""

from __future__ import annotations

from studyhub.organization.sign_in import api as sign_in_api
from studyhub.web.guard import Room

ROOMS: tuple[Room, ...] = (sign_in_api.room,)
