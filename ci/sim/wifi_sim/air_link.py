"""The shared medium: who hears whom, in which order, and who has gone silent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from bumble import core, hci, ll
from bumble.controller import Connection
from bumble.link import LocalLink

from wifi_sim import air_steps
from wifi_sim.air_trouble import Way
from wifi_sim.air_weather import FairWeather, Frame, FrameKind, Weather

if TYPE_CHECKING:
    from wifi_sim.air_controller import AirController

logger = logging.getLogger(__name__)


class AirLink(LocalLink):
    """bumble's local link with exact routing, ordered delays and lost peers."""

    controllers: set[AirController]  # type: ignore[assignment]

    def __init__(self, weather: Weather | None = None) -> None:
        super().__init__()
        self.weather: Weather = weather or FairWeather()
        self._ways: dict[tuple[hci.Address, hci.Address], Way] = {}

    def peer_of(self, connection: Connection) -> tuple[AirController, Connection] | None:
        """The other end of a connection, if it is still there."""
        for controller in self.controllers:
            if controller is connection.controller:
                continue
            other = controller.le_connections.get(connection.self_address)
            if other is not None and other.self_address == connection.peer_address:
                return controller, other
        return None

    def connectable(self, address: hci.Address) -> bool:
        """Whether someone advertises under this address and would take a connection now."""
        return any(c.accepts_connection(address) for c in self.controllers)

    def remove_controller(self, controller: AirController) -> None:  # type: ignore[override]
        """Take a controller off the air; its peers notice by their supervision timeout."""
        self.controllers.discard(controller)
        controller.abandon_connections()

    def send_advertising_pdu(self, sender_controller, packet: ll.AdvertisingPdu) -> None:
        # A connection request is taken at once: two phones must not both believe they got the device.
        if isinstance(packet, ll.ConnectInd):
            for controller in tuple(self.controllers):
                if controller is not sender_controller:
                    controller.on_ll_advertising_pdu(packet)
        else:
            super().send_advertising_pdu(sender_controller, packet)

    def send_acl_data(self, sender_controller, destination_address, transport, data: bytes) -> None:
        if transport != core.PhysicalTransport.LE:
            return
        connection = sender_controller.le_connections.get(destination_address)
        if connection is None:
            return

        def arrive() -> None:
            if (peer := self.peer_of(connection)) is not None:
                peer[0].on_link_acl_data(connection.self_address, transport, data)

        step = air_steps.of_pdu(data)
        self._carry(Frame(FrameKind.DATA, connection.self_address, connection.peer_address, len(data), step), arrive)

    def send_ll_control_pdu(self, sender_address, receiver_address, packet: ll.ControlPdu) -> None:
        def arrive() -> None:
            for controller in tuple(self.controllers):
                connection = controller.le_connections.get(sender_address)
                if connection is not None and connection.self_address == receiver_address:
                    controller.on_ll_control_pdu(sender_address, packet)
                    return
            logger.debug("nobody hears %s", packet)

        self._carry(Frame(FrameKind.CONTROL, sender_address, receiver_address, 0), arrive)

    def part(self, one: hci.Address, other: hci.Address) -> float:
        """Two hear nothing of each other any more; the seconds until both have noticed."""
        longest = 0.0
        for controller in tuple(self.controllers):
            for connection in tuple(controller.le_connections.values()):
                if {connection.self_address, connection.peer_address} == {one, other}:
                    longest = max(longest, controller.lose_later(connection))
        return longest

    def _carry(self, frame: Frame, arrive: Callable[[], None]) -> None:
        way = self._ways.setdefault((frame.sender, frame.receiver), Way())
        for delay in self.weather.arrivals(frame):
            way.send(arrive, delay)
