from __future__ import annotations

import gc

import pytest

from studyhub.kernel.garbage import uncollected


def test_cycles_are_searched_for_again_after_the_block_even_when_it_fails() -> None:
    with pytest.raises(ValueError, match="x"), uncollected():
        assert not gc.isenabled()
        raise ValueError("x")
    assert gc.isenabled()


def test_a_block_within_a_block_does_not_end_the_outer_one() -> None:
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
