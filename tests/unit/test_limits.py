"""How much of an answer is taken, and for how long."""

import gzip
import itertools

import pytest

from area1_provider.errors import BadAnswer
from area1_provider.limits import Limits


class Pieces:
    """A body that comes in pieces, each a second after the one before; `clock` tells the time."""

    def __init__(self, *pieces: bytes, for_ever: bool = False) -> None:
        self.pieces = itertools.cycle(pieces) if for_ever else iter(pieces)
        self.seconds = 0.0

    def read1(self, amount: int, *, decode_content: bool) -> bytes:
        """Give the next piece."""
        assert not decode_content
        self.seconds += 1
        return next(self.pieces, b"")[:amount]

    def clock(self) -> float:
        """Give the time."""
        return self.seconds


def test_a_body_in_pieces() -> None:
    """It is read to its end, packed or not."""
    packed = gzip.compress(b"whole")
    for pieces, encoding in (((b"wh", b"ol", b"e"), ""), ((packed[:7], packed[7:]), "gzip"), ((b"whole",), "gzip")):
        raw = Pieces(*pieces)
        assert Limits().body("Get-X", raw, encoding, raw.clock) == b"whole"


def test_a_body_that_drips() -> None:
    """One byte now and then keeps no connection for ever."""
    raw = Pieces(b"x", for_ever=True)
    with pytest.raises(BadAnswer, match="did not end within 960 s") as caught:
        Limits().body("Get-X", raw, "", raw.clock)
    assert raw.seconds < 970
    assert caught.value.sent


def test_a_body_that_is_too_large() -> None:
    """Not a byte more is taken than shows that it is."""
    raw = Pieces(b"x" * 7, for_ever=True)
    with pytest.raises(BadAnswer, match="larger than 10 bytes"):
        Limits(size=10).body("Get-X", raw, "", raw.clock)
    assert raw.seconds == 2
