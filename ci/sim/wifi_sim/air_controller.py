"""A Bluetooth LE controller that a host can trust: bumble's, with every command answered."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bumble import core, hci, ll
from bumble.controller import Connection, Controller

from wifi_sim.air_advertiser import AirAdvertisement, AirAdvertiser
from wifi_sim.air_commands import ExtraCommands

if TYPE_CHECKING:
    from wifi_sim.air_link import AirLink

logger = logging.getLogger(__name__)

Error = hci.HCI_ErrorCode

LONGEST_DATA = 251  # bytes in one link-layer packet with data length extension
SHORTEST_DATA = 27  # bytes without it
_TIMEOUT_UNIT = 0.01  # seconds, the unit of supervision timeouts
_ACTIVE_SCAN = 1


def _air_time(octets: int) -> int:
    """Microseconds a packet takes on the 1M PHY."""
    return (octets + 14) * 8


class AirController(ExtraCommands, Controller):
    """One controller on the air: legacy advertising, one PHY, data length extension."""

    link: AirLink
    le_legacy_advertiser: AirAdvertiser

    # Legacy advertising reports only: that is what both of our hosts use.
    le_features = Controller.le_features & ~(
        hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
        | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING
        | hci.LeFeatureMask.LE_2M_PHY
        | hci.LeFeatureMask.LE_CODED_PHY
    )
    le_acl_data_packet_length = LONGEST_DATA
    total_num_le_acl_data_packets = 8
    supported_max_tx_octets = LONGEST_DATA
    supported_max_rx_octets = LONGEST_DATA
    supported_max_tx_time = _air_time(LONGEST_DATA)
    supported_max_rx_time = _air_time(LONGEST_DATA)

    def __init__(self, name: str, link: AirLink, public_address: hci.Address) -> None:
        super().__init__(name, link=link, public_address=public_address)
        self.le_legacy_advertiser = AirAdvertiser(self)
        self._supervision: dict[int, float] = {}
        self._wishes: dict[int, int] = {}
        self._sends: dict[int, int] = {}
        self._receives: dict[int, int] = {}
        self._reported: set[tuple[hci.Address, bytes]] = set()

    # --- HCI in -----------------------------------------------------------------------------

    def on_packet(self, packet: bytes) -> None:
        try:
            parsed = hci.HCI_Packet.from_bytes(packet)
        except Exception as error:  # noqa: BLE001 - whatever the host sent, it must not end the air
            logger.warning("%s: the host sent a packet that cannot be read: %s", self.name, error)
            if packet[:1] == bytes([hci.HCI_COMMAND_PACKET]) and len(packet) >= 3:
                self._send_hci_command_status(
                    Error.INVALID_COMMAND_PARAMETERS_ERROR, int.from_bytes(packet[1:3], "little")
                )
            return
        self.on_hci_packet(parsed)

    def on_hci_command_packet(self, command: hci.HCI_Command) -> None:
        if command.op_code == hci.HCI_HOST_NUMBER_OF_COMPLETED_PACKETS_COMMAND:
            return  # the one command the standard leaves without an answer
        if command.op_code in self.extra_commands:
            self.answer_extra(command)
            return
        handler = getattr(self, f"on_{command.name.lower()}", None)
        if handler is None:
            logger.info("%s: unknown command %s", self.name, command.name)
            self._refuse(command, Error.UNKNOWN_HCI_COMMAND_ERROR)
            return
        try:
            result = handler(command)
        except Exception:
            logger.exception("%s: %s failed", self.name, command.name)
            self._refuse(command, Error.UNSPECIFIED_ERROR)
            return
        if result is not None:
            self.send_hci_packet(
                hci.HCI_Command_Complete_Event(
                    num_hci_command_packets=1,
                    command_opcode=command.op_code,
                    return_parameters=result,
                )
            )
        elif isinstance(command, hci.HCI_SyncCommand):
            self._refuse(command, Error.UNSPECIFIED_ERROR)

    def _refuse(self, command: hci.HCI_Command, status: hci.HCI_ErrorCode) -> None:
        if isinstance(command, hci.HCI_SyncCommand):
            self.send_hci_packet(
                hci.HCI_Command_Complete_Event(
                    num_hci_command_packets=1,
                    command_opcode=command.op_code,
                    return_parameters=hci.HCI_StatusReturnParameters(status),
                )
            )
        else:
            self._send_hci_command_status(status, command.op_code)

    # --- resets and losses --------------------------------------------------------------------

    def on_hci_reset_command(self, _command: hci.HCI_Reset_Command) -> hci.HCI_StatusReturnParameters:
        self.abandon_connections()
        self.le_scan_enable = False
        self.pending_le_connection = None
        self.le_event_mask = 0x1F
        self.suggested_max_tx_octets = SHORTEST_DATA
        return hci.HCI_StatusReturnParameters(Error.SUCCESS)

    def abandon_connections(self) -> None:
        """Stop being there, without a goodbye: each peer finds out by its supervision timeout."""
        self.le_legacy_advertiser.stop()
        for advertising_set in self.advertising_sets.values():
            advertising_set.stop()
        for connection in tuple(self.le_connections.values()):
            for controller in tuple(self.link.controllers):
                other = controller.le_connections.get(connection.self_address)
                if other is not None and other.self_address == connection.peer_address:
                    controller.lose_later(other)
        self.le_connections.clear()

    def lose_later(self, connection: Connection) -> float:
        """Report this connection lost once its supervision timeout has passed; the timeout in seconds."""
        timeout = self._supervision.get(connection.handle, 1.0)
        asyncio.get_running_loop().call_later(timeout, self._lose, connection)
        return timeout

    def _lose(self, connection: Connection) -> None:
        if self.le_connections.get(connection.peer_address) is connection:
            self.on_le_disconnected(connection, Error.CONNECTION_TIMEOUT_ERROR)

    def on_hci_disconnect_command(self, command: hci.HCI_Disconnect_Command) -> None:
        connection = self.find_le_connection_by_handle(command.connection_handle)
        if connection is None:
            self._send_hci_command_status(Error.UNKNOWN_CONNECTION_IDENTIFIER_ERROR, command.op_code)
            return
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        connection.send_ll_control_pdu(ll.TerminateInd(command.reason))
        self.on_le_disconnected(connection, Error.CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR)

    def on_le_disconnected(self, connection: Connection, reason: int) -> None:
        super().on_le_disconnected(connection, reason)
        for table in (self._supervision, self._wishes, self._sends, self._receives):
            table.pop(connection.handle, None)

    # --- connections --------------------------------------------------------------------------

    def accepts_connection(self, address: hci.Address) -> bool:
        """Whether a connection request to this address would be taken here."""
        return self.le_legacy_advertiser.accepts_connection(address)

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(Error.COMMAND_DISALLOWED_ERROR)
        asyncio.get_running_loop().call_soon(
            self.send_hci_packet,
            hci.HCI_LE_Connection_Complete_Event(
                status=Error.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address.address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            ),
        )
        return hci.HCI_StatusReturnParameters(Error.SUCCESS)

    def create_le_connection(self, peer_address: hci.Address) -> None:
        pending = self.pending_le_connection
        # Another phone may have been quicker since this advertisement was sent.
        if pending is None or not self.link.connectable(peer_address):
            return
        super().create_le_connection(peer_address)
        connection = self.le_connections.get(peer_address)
        if connection is None or self.pending_le_connection is not None:
            return
        timeout = getattr(pending, "supervision_timeout", None)
        self._supervision[connection.handle] = (timeout or pending.supervision_timeouts[0]) * _TIMEOUT_UNIT
        self.exchange_data_length(connection)

    def on_le_connect_ind(self, packet: ll.ConnectInd) -> None:
        if not self.accepts_connection(packet.advertiser_address):
            return
        peer = packet.initiator_address
        connection = Connection(
            controller=self,
            handle=self.allocate_connection_handle(),
            role=hci.Role.PERIPHERAL,
            self_address=packet.advertiser_address,
            peer_address=peer,
            link=self.link,
            transport=core.PhysicalTransport.LE,
            link_type=hci.HCI_Connection_Complete_Event.LinkType.ACL,
        )
        self.le_connections[peer] = connection
        self._supervision[connection.handle] = packet.timeout * _TIMEOUT_UNIT
        self.le_legacy_advertiser.stop()
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=Error.SUCCESS,
                connection_handle=connection.handle,
                role=hci.Role.PERIPHERAL,
                peer_address_type=peer.address_type,
                peer_address=peer,
                connection_interval=packet.interval,
                peripheral_latency=packet.latency,
                supervision_timeout=packet.timeout,
                central_clock_accuracy=0,
            )
        )

    # --- data ---------------------------------------------------------------------------------

    def exchange_data_length(self, connection: Connection) -> None:
        """Agree on the longest packet in each direction and tell both hosts of a change."""
        found = self.link.peer_of(connection)
        if found is None:
            return
        other, theirs = found
        self._take_data_length(
            connection,
            min(self._wish(connection), other.supported_max_rx_octets),
            min(other._wish(theirs), self.supported_max_rx_octets),
        )
        other._take_data_length(
            theirs,
            min(other._wish(theirs), self.supported_max_rx_octets),
            min(self._wish(connection), other.supported_max_rx_octets),
        )

    def _wish(self, connection: Connection) -> int:
        return self._wishes.get(connection.handle, self.suggested_max_tx_octets)

    def wish_data_length(self, connection: Connection, octets: int) -> None:
        """The host asks for packets of this many bytes on one connection."""
        self._wishes[connection.handle] = min(max(octets, SHORTEST_DATA), LONGEST_DATA)
        self.exchange_data_length(connection)

    def _take_data_length(self, connection: Connection, send: int, receive: int) -> None:
        before = (
            self._sends.get(connection.handle, SHORTEST_DATA),
            self._receives.get(connection.handle, SHORTEST_DATA),
        )
        self._sends[connection.handle], self._receives[connection.handle] = send, receive
        if before == (send, receive) or not self.le_event_mask & (1 << 6):
            return
        self.send_hci_packet(
            hci.HCI_LE_Data_Length_Change_Event(
                connection_handle=connection.handle,
                max_tx_octets=send,
                max_tx_time=_air_time(send),
                max_rx_octets=receive,
                max_rx_time=_air_time(receive),
            )
        )

    def on_link_acl_data(self, sender_address, transport, data: bytes) -> None:
        del transport  # LE, always
        connection = self.le_connections.get(sender_address)
        if connection is None:
            logger.debug("%s: data from %s, which is not connected", self.name, sender_address)
            return
        size = self._receives.get(connection.handle, SHORTEST_DATA)
        for start in range(0, max(len(data), 1), size):
            piece = data[start : start + size]
            flag = hci.HCI_ACL_PB_CONTINUATION if start else hci.HCI_ACL_PB_FIRST_FLUSHABLE
            self.send_hci_packet(hci.HCI_AclDataPacket(connection.handle, flag, 0, len(piece), piece))

    # --- scanning -----------------------------------------------------------------------------

    def on_hci_le_set_scan_enable_command(
        self, command: hci.HCI_LE_Set_Scan_Enable_Command
    ) -> hci.HCI_StatusReturnParameters:
        self._reported.clear()
        return super().on_hci_le_set_scan_enable_command(command)

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        if not isinstance(pdu, AirAdvertisement):
            super().on_advertising_pdu(pdu)
            return
        if self.le_scan_enable:
            kinds = hci.HCI_LE_Advertising_Report_Event.EventType
            direct = pdu.kind in (1, 4)
            self._report(kinds.ADV_DIRECT_IND if direct else pdu.kind, pdu.advertiser_address, pdu.data)
            if self.le_scan_type == _ACTIVE_SCAN and pdu.kind in (kinds.ADV_IND, kinds.ADV_SCAN_IND):
                self._report(kinds.SCAN_RSP, pdu.advertiser_address, pdu.scan_response)
        pending = self.pending_le_connection
        if pending is not None and pdu.connectable and pending.peer_address == pdu.advertiser_address:
            self.create_le_connection(pdu.advertiser_address)

    def _report(self, kind: int, address: hci.Address, data: bytes) -> None:
        if self.filter_duplicates:
            seen = (address, bytes([kind]) + data)
            if seen in self._reported:
                return
            self._reported.add(seen)
        self.send_hci_packet(
            hci.HCI_LE_Advertising_Report_Event(
                [
                    hci.HCI_LE_Advertising_Report_Event.Report(
                        event_type=kind,
                        address_type=address.address_type,
                        address=address,
                        data=data,
                        rssi=-50,
                    )
                ]
            )
        )
