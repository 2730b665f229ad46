"""The endpoints of Espressif's apps start when they can: after the service, and when nobody else has them."""

from collections.abc import Iterator

import pytest
from harness.console import Console
from harness.espressif import STARTED
from harness.world import World

# A try computes a verifier, and the longest pause before one that is waited for here is 4 s.
WITHIN = 60


@pytest.fixture
def console(world: World) -> Iterator[Console]:
    """With the endpoints of the boot started: from then on the controller's address is known, which a start awaits first."""
    world.console.expect(STARTED, within=WITHIN)
    yield world.console


def test_a_start_before_the_service_waits_for_it(world: World, console: Console) -> None:
    world.command("service off", r"service: off$")
    mark = console.mark()
    console.type("protocomm 2\r")
    # Typed behind it, and answered when it has been ordered.
    world.command("service", "service: say ")
    assert console.seen("the endpoints do not start", since=mark) is None
    on = world.command("service on", r"service: on$")
    assert console.expect(STARTED, WITHIN, since=mark).start() > on.start()


def test_a_start_that_fails_is_tried_again_until_it_succeeds(world: World, console: Console) -> None:
    world.command("service off", r"service: off$")
    mark = console.mark()
    console.type("protocomm 2\r")
    world.command("service taken", r"service: taken$")
    for pause in (1, 2):
        console.expect(f"the endpoints do not start, .* tried again in {pause} s", WITHIN, since=mark)
    assert console.seen(STARTED, since=mark) is None
    freed = world.command("service free", r"service: free$")
    assert console.expect(STARTED, WITHIN, since=mark).start() > freed.start()
