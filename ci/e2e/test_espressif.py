"""Espressif's phones: their own client code provisions the device, without pairing, beside Amazon's phones."""

import asyncio

import pytest
from bumble import att
from harness.command_line import CommandLine, Outcome
from harness.espressif import EspressifPhone, Refused, espressif_phone, payload, secured
from harness.networks import ABSENT, CAFE, HOME, WORKSHOP, WRONG
from harness.phone import connected, forget_everything, listed, names, only
from harness.world import World
from rmaker_tools.common import prov
from wifi_provision import ANDROID
from wifi_provision.encode import encode
from wifi_provision.errors import DeviceRefused
from wifi_provision.messages import LastTry

INVALID_PDU = 4

# The numbers of reasons: Espressif's two, and ours on either protocol.
AUTHENTICATION, NOT_FOUND = 0, 1
NO_ADDRESS, SECURITY = 3, 4
OURS = 100  # what they begin from on Espressif's side


async def forget_all(world: World) -> None:
    """Nothing is saved, by a phone of Amazon's."""
    async with connected(world) as phone:
        await forget_everything(phone)


@pytest.mark.parametrize("security", [2, 1])
def test_a_whole_provisioning_at_every_mtu(world: World, security: int) -> None:
    secret = secured(world, security)["pop"]

    async def scenario() -> None:
        for mtu, network in ((23, HOME), (185, CAFE), (512, WORKSHOP)):
            async with espressif_phone(world, mtu) as phone:
                version = (await phone.version())["prov"]
                assert (version["sec_ver"], version["cap"]) == (security, ["wifi_prov", "wifi_scan"])
                await phone.open(security, secret)
                found = {network["ssid"]: network for network in await phone.scan()}
                assert found["Home"]["rssi"] == -48 and found["Home"]["auth"] == "WPA2_PSK"
                assert await phone.provision(network.ssid, network.passphrase) == ("connected", None)
                assert world.access_points.joined() == network.ssid

    asyncio.run(scenario())
    assert world.leaks() == []


def test_a_wrong_secret_no_session_and_a_stale_one_are_refused(world: World) -> None:
    secret = secured(world, 2)["pop"]

    async def refused(phone: EspressifPhone, endpoint: str, request: str) -> None:
        with pytest.raises(Refused) as refusal:
            await phone.ask(endpoint, request)
        assert refusal.value.code == INVALID_PDU

    async def scenario() -> None:
        async with espressif_phone(world, 185) as phone:
            for wrong, user in ((secret[:-1], "wifiprov"), (secret, "somebody")):
                with pytest.raises(Refused):
                    await phone.open(2, wrong, user)
            assert phone.session is None
            for endpoint in ("prov-scan", "prov-config", "prov-ctrl"):
                await refused(phone, endpoint, "\x52\x00")
            await phone.open(2, secret)
            request = prov.config_get_status_request(phone.session)
            await phone.ask("prov-config", request)
            # Word for word again.
            await refused(phone, "prov-config", request)
            stale = phone.session
        async with espressif_phone(world, 185) as phone:
            await refused(phone, "prov-config", prov.config_get_status_request(stale))
            await phone.open(2, secret)
            assert (await phone.state())[0] != "failed"

    asyncio.run(scenario())
    secret = secured(world, 1)["pop"]

    async def first_security() -> None:
        async with espressif_phone(world, 185) as phone:
            with pytest.raises(Refused):
                await phone.open(1, secret[::-1])
            await phone.open(1, secret)
            assert len(await phone.scan()) == 8

    asyncio.run(first_security())


def test_pieces_that_overlap_are_refused_and_the_next_request_is_not(world: World) -> None:
    async def scenario() -> None:
        async with espressif_phone(world) as phone:
            handle = phone.handle("proto-ver")

            async def piece(offset: int, value: bytes) -> None:
                await phone.request(
                    att.ATT_Prepare_Write_Request(
                        attribute_handle=handle, value_offset=offset, part_attribute_value=value
                    )
                )

            await piece(0, b"0123456789")
            with pytest.raises(Refused):
                await piece(5, b"0123456789")
            with pytest.raises(Refused):
                await phone.request(att.ATT_Execute_Write_Request(flags=1))
            assert (await phone.version())["prov"]["ver"] == "netprov-v1.2"

    asyncio.run(scenario())


def test_reasons_are_told_and_the_session_goes_on(world: World) -> None:
    secret = secured(world, 2)["pop"]

    async def scenario() -> None:
        await forget_all(world)
        async with espressif_phone(world, 512) as phone:
            await phone.open(2, secret)
            await phone.scan()
            points = world.access_points
            # All of it in one session, which a restart would have ended.
            assert await phone.provision("Home", WRONG) == ("failed", AUTHENTICATION)
            await phone.reset()
            assert await phone.provision(ABSENT.ssid, ABSENT.passphrase) == ("failed", NOT_FOUND)
            await phone.reset()
            with points.changed("Home", no_address=True):
                assert await phone.provision("Home", HOME.passphrase) == ("failed", OURS + NO_ADDRESS)
            await phone.reset()
            # The scan said WPA2; now there is WPA3 only.
            with points.changed("Home", security="wpa3"):
                assert await phone.provision("Home", HOME.passphrase) == ("failed", OURS + SECURITY)
            await phone.reset()
            assert await phone.provision("Home", HOME.passphrase) == ("connected", None)
        async with connected(world) as phone:
            assert await names(phone) == ["Home"]

    asyncio.run(scenario())


def test_reasons_are_told_to_amazons_phones(world: World) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone)
            points = world.access_points

            async def refused(network, **changes) -> int | None:
                with points.changed("Home", **changes), pytest.raises(DeviceRefused) as refusal:
                    await phone.add(network.save(connect=True))
                return refusal.value.reason

            assert await refused(HOME.but(WRONG)) == 1
            assert await refused(ABSENT) == 2
            assert await refused(HOME, no_address=True) == NO_ADDRESS
            assert await refused(HOME, security="wpa3") == SECURITY
            assert await names(phone) == []
            await phone.add(HOME.save(connect=True))
            assert await names(phone) == ["Home"]

    asyncio.run(scenario())


def test_a_phone_that_lost_its_link_finds_the_result_at_the_end_of_a_list(world: World) -> None:
    async def scenario() -> None:
        async with connected(world) as phone:
            await only(phone)
            await phone.add(HOME.save(connect=True))
            # Gone before the device can answer.
            await phone.send_raw(encode(HOME.but(WRONG).save(connect=True), phone.behaviour))
        async with connected(world) as phone:
            assert (await listed(phone)).last_try == LastTry("Home", reason=1)
            # A phone of another kind shows the list as ever, and this one sees what that had done.
            await phone.switch(0)
        async with connected(world, ANDROID) as phone:
            assert await names(phone) == ["Home"]
        async with connected(world) as phone:
            assert (await listed(phone)).last_try == LastTry("Home", reason=None)

    asyncio.run(scenario())


def test_both_kinds_of_phone_have_one_list(world: World) -> None:
    secret = secured(world, 1)["pop"]

    async def scenario() -> None:
        async with connected(world) as amazon:
            await only(amazon, HOME, CAFE)
        async with espressif_phone(world, 185) as espressif:
            await espressif.open(1, secret)
            # What it provisions comes first, as with theirs.
            assert await espressif.provision("Workshop", WORKSHOP.passphrase) == ("connected", None)
        async with connected(world) as amazon:
            assert await names(amazon) == ["Workshop", "Home", "Cafe"]
            await amazon.switch(2)
            await amazon.delete(0)
        async with espressif_phone(world, 185) as espressif:
            await espressif.open(1, secret)
            await espressif.reprovision()
            assert await espressif.provision("Workshop", WORKSHOP.passphrase) == ("connected", None)
        async with connected(world) as amazon:
            assert await names(amazon) == ["Workshop", "Home", "Cafe"]
        async with espressif_phone(world, 185) as espressif:
            await espressif.open(1, secret)
            await espressif.reprovision()
            # What is saved already gives way to it.
            assert await espressif.provision("Home", HOME.passphrase) == ("connected", None)
        async with connected(world) as amazon:
            assert await names(amazon) == ["Home", "Workshop", "Cafe"]

    asyncio.run(scenario())


def test_the_companion_provisions_by_this_protocol(world: World) -> None:
    asyncio.run(forget_all(world))
    secret = secured(world, 2)["pop"]
    provision = CommandLine(world)

    def espressif(*words: str, secret: str = secret, passphrase: str | None = None) -> Outcome:
        return provision("--protocol", "espressif", *words, secret=secret, passphrase=passphrase)

    listed = espressif("list")
    # Without pairing: the secret is the proof.
    assert (listed.code, listed.compared) == (0, [])
    assert "Home" in [network["ssid"] for network in listed.result["networks"]]
    wrong = espressif("add", "Home", passphrase=WRONG)
    assert (wrong.code, wrong.result["error"]["reason"]) == (1, 1)
    assert "the passphrase is wrong" in wrong.result["error"]["message"]
    stranger = espressif("add", "Home", passphrase=HOME.passphrase, secret=secret[::-1])
    assert (stranger.code, stranger.result["error"]["kind"]) == (4, "pairing-refused")
    for _ in range(2):
        # Once more is no second entry.
        assert espressif("add", "Home", passphrase=HOME.passphrase).code == 0

    async def scenario() -> None:
        async with connected(world) as phone:
            assert await names(phone) == ["Home"]

    asyncio.run(scenario())
    assert world.leaks() == []


def test_the_secret_outlives_a_restart_and_is_not_shown_again(world: World) -> None:
    before = payload(world)["pop"]
    mark = world.console.mark()
    world.restart()
    world.console.expect("Espressif's apps may provision this device", within=30, since=mark)
    assert before not in world.console.text[mark:]
    assert payload(world)["pop"] == before
