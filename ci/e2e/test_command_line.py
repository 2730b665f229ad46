"""The companion's command line against the device, as a person and as a script use it."""

from collections.abc import Iterator

import pytest
from harness.command_line import CommandLine
from harness.networks import HOME, WRONG
from harness.world import World


@pytest.fixture(scope="module")
def provision(world: World) -> Iterator[CommandLine]:
    yield CommandLine(world)


def test_the_first_command_pairs_and_the_second_does_not(provision: CommandLine) -> None:
    first, second = provision("info"), provision("info")
    assert (first.code, second.code) == (0, 0)
    assert len(first.compared) == 1 and second.compared == []
    assert second.result["platform"] and second.result["device_id"]


def test_a_network_is_added_listed_moved_switched_to_and_deleted(provision: CommandLine) -> None:
    assert provision("add", "Home", "--security", "wpa2", passphrase=HOME.passphrase).code == 0
    # Without --security, the command asks the device what the network has.
    assert provision("add", "Cafe").code == 0
    assert provision("move", "0", "1").code == 0
    assert provision("switch", "1").code == 0
    networks = [one for one in provision("list").result["networks"] if one["saved"]]
    assert [(one["ssid"], one["connected"]) for one in networks] == [("Home", False), ("Cafe", True)]
    assert provision("delete", "1").code == 0
    assert provision("delete", "0").code == 0
    assert [one for one in provision("list").result["networks"] if one["saved"]] == []


def test_what_the_device_refuses_is_told_in_a_sentence(provision: CommandLine) -> None:
    wrong = provision("add", "Home", "--security", "wpa2", passphrase=WRONG)
    assert wrong.code == 1
    assert not wrong.result["ok"] and wrong.result["error"]
    assert any(line.startswith("Error: ") for line in wrong.words)
    assert not any(WRONG in line for line in wrong.words)


def test_another_phone_has_to_pair_for_itself(world: World, provision: CommandLine) -> None:
    other = CommandLine(world)
    other.keys = world.run / "another-phone.json"
    assert len(other("info").compared) == 1
    assert provision("info").compared == []
