"""From a fresh connection to a channel that carries messages, in the order each phone does it."""

from __future__ import annotations

import dataclasses

from wifi_provision import uuids
from wifi_provision.behaviour import Behaviour, SetUp
from wifi_provision.errors import BadAnswer, NotFound
from wifi_provision.transport.base import Link, Listener

_READY = b"\x01"
_LEAST_MTU = 23


@dataclasses.dataclass
class Reported:
    """The MTU the device publishes, as last heard."""

    mtu: int | None = None

    def hear(self, value: bytes) -> None:
        """Take the decimal text; what is not a number greater than three is not believed."""
        text = value.decode("ascii", "replace")
        if text.isascii() and text.isdigit() and int(text) > 3:
            self.mtu = int(text)


@dataclasses.dataclass(frozen=True)
class Ears:
    """Who listens to the channel."""

    small: Listener
    large: Listener


async def set_up(
    link: Link, behaviour: Behaviour, mtu: int, ears: Ears, reported: Reported, mqtt: Ears | None = None
) -> None:
    """Make the channel ready, and with `mqtt` the proxy's. `mtu` is the most this phone can do."""
    await link.discover()
    if not link.has(uuids.WIFI_CONTROL):
        raise NotFound(
            "The device has no WiFi provisioning service.",
            "Its software may lack it, or be of a generation this program does not speak.",
        )
    steps = {SetUp.OURS: _ours, SetUp.ANDROID: _android, SetUp.IOS: _ios}
    await steps[behaviour.set_up](link, mtu, ears, reported, mqtt)


async def _ours(link: Link, mtu: int, ears: Ears, reported: Reported, mqtt: Ears | None) -> None:
    await link.read(uuids.VERSION, whole=True)  # pairs
    reported.hear(await link.read(uuids.MTU))
    await link.request_mtu(mtu)
    await link.subscribe(uuids.WIFI_TX, ears.small)
    await link.subscribe(uuids.WIFI_TX_LARGE, ears.large)
    await link.write(uuids.WIFI_CONTROL, _READY)
    if mqtt is not None and link.has(uuids.MQTT_CONTROL):
        await link.subscribe(uuids.MQTT_TX, mqtt.small)
        await link.subscribe(uuids.MQTT_TX_LARGE, mqtt.large)
        await link.write(uuids.MQTT_CONTROL, _READY)


async def _android(link: Link, mtu: int, ears: Ears, reported: Reported, mqtt: Ears | None) -> None:
    await link.read(uuids.VERSION, whole=True)  # the probe; it pairs
    await link.read(uuids.PLATFORM, whole=True)
    await link.read(uuids.DEVICE_ID, whole=True)
    reported.hear(await link.read(uuids.MTU))
    for uuid, listener in (
        (uuids.MQTT_TX, mqtt.small if mqtt else _deaf),
        (uuids.MQTT_TX_LARGE, mqtt.large if mqtt else _deaf),
        (uuids.WIFI_TX, ears.small),
        (uuids.WIFI_TX_LARGE, ears.large),
    ):
        if link.has(uuid):
            await link.subscribe(uuid, listener)
    if reported.mtu is None:
        raise BadAnswer("The device publishes no MTU; the Android SDK waits for it for ever.")
    await link.request_mtu(max(_LEAST_MTU, min(reported.mtu, mtu)))
    await link.write(uuids.WIFI_CONTROL, _READY)
    # The SDK does so only for an application that has credentials for the broker.
    if mqtt is not None and link.has(uuids.MQTT_CONTROL):
        await link.write(uuids.MQTT_CONTROL, _READY)


async def _ios(link: Link, mtu: int, ears: Ears, reported: Reported, mqtt: Ears | None) -> None:
    await link.request_mtu(mtu)  # the phone's own stack does this, before any application
    listeners = {uuids.WIFI_TX: ears.small, uuids.WIFI_TX_LARGE: ears.large, uuids.MTU: reported.hear}
    if mqtt is not None:
        listeners |= {uuids.MQTT_TX: mqtt.small, uuids.MQTT_TX_LARGE: mqtt.large}
    for service in link.services:
        if service.uuid not in (uuids.DEVICE_INFORMATION, uuids.WIFI, uuids.MQTT):
            continue
        # The SDK asks for all characteristics; its platform sends only what can be asked.
        for uuid in service.notifying():
            await link.subscribe(uuid, listeners.get(uuid, _deaf))
        if service.uuid == uuids.DEVICE_INFORMATION:
            await _ios_information(link, reported)
        elif service.uuid == uuids.WIFI:
            await link.write(uuids.WIFI_CONTROL, _READY)
        elif link.has(uuids.MQTT_CONTROL):
            await link.write(uuids.MQTT_CONTROL, _READY)


async def _ios_information(link: Link, reported: Reported) -> None:
    for uuid in (uuids.VERSION, uuids.BROKER_ENDPOINT, uuids.MTU, uuids.PLATFORM, uuids.DEVICE_ID):
        value = await link.read(uuid, whole=True)
        if uuid == uuids.MTU:
            reported.hear(value)


def _deaf(_value: bytes) -> None:
    """For notifications nobody needs."""


INFORMATION = {
    "version": uuids.VERSION,
    "broker": uuids.BROKER_ENDPOINT,
    "mtu": uuids.MTU,
    "platform": uuids.PLATFORM,
    "device_id": uuids.DEVICE_ID,
}


async def read_information(link: Link) -> dict[str, str]:
    """The device's description of itself; what it does not have is empty."""
    answers: dict[str, str] = {}
    for name, uuid in INFORMATION.items():
        value = await link.read(uuid, whole=True) if link.has(uuid) else b""
        answers[name] = value.decode("utf-8", "replace")
    return answers
