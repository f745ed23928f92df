"""How far chance alone may have moved a share that was seen in few people."""

from __future__ import annotations

import math

Z_95 = 1.959963984540054
"""The normal quantile that leaves 2.5 % on each side."""


def wilson(hits: int, n: int) -> tuple[int, int] | None:
    """The 95 % interval of a share, in whole percent, widened to whole numbers; None of nobody.

    E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference": unlike the
    textbook interval it stays within 0–100 % and holds for a branch of five people.
    """
    if n <= 0:
        return None
    share = hits / n
    spread = Z_95 * math.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2))
    centre = share + Z_95**2 / (2 * n)
    scale = 1 + Z_95**2 / n
    low, high = (centre - spread) / scale, (centre + spread) / scale
    # What rounding errors leave below 0 or above 1 is not shown.
    return max(0, math.floor(low * 100 + 1e-9)), min(100, math.ceil(high * 100 - 1e-9))
