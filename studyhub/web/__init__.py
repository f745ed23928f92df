"""What all pages share: the guard, errors, headers, the layout, languages. It knows no room.

A room asks only `current_user.may(permission)`; who that is comes from `app.py` as the function `identify`.
"""
