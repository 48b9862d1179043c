"""What schedules and fuzzing found once at sign-in, each by itself."""

import pytest
from lifecycle import Clock, exchange_of
from schedules import peace, settled
from test_found import guide
from world import World

from area1_provider import errors
from area1_provider.emulator.faults import Garbage, Status


def test_a_sign_in_that_breaks_passes(place: World) -> None:
    """A sign-in host that is busy at first is asked again."""
    stack = place.begin()
    place.emulator.control.fault(Status(503), surface="entra", times=2)

    place.up(stack, guide())

    settled(place, stack, guide())


@pytest.mark.parametrize(
    "body", ["[]", "7", '{"access_token":[]}', '{"access_token":"x","expires_in":[]}', "[" * 50_000]
)
def test_a_token_endpoint_of_another_shape(place: World, body: str) -> None:
    """JSON that is no token answer is an error of ours."""
    place.begin()
    place.emulator.control.fault(Garbage(body, "application/json"), surface="entra", times=0)
    exchange = exchange_of(place.emulator.environment(), Clock(), tries=1)

    with exchange.http, pytest.raises(errors.Area1Error):
        exchange.tenant_id  # noqa: B018  # asking signs in
    peace(place)


def test_a_sign_in_host_whose_answer_is_huge(place: World) -> None:
    """Not more of it is read than a token can be."""
    place.begin()
    place.emulator.control.fault(Garbage("x", "application/json", repeat=2 * 2**20), surface="entra", times=0)
    exchange = exchange_of(place.emulator.environment(), Clock(), tries=1)

    with exchange.http, pytest.raises(errors.BadAnswer, match="larger than 1,048,576 bytes") as caught:
        exchange.tenant_id  # noqa: B018  # asking signs in
    assert not caught.value.sent
    peace(place)
