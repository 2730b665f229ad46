"""HCI commands bumble's controller knows only by name, or not at all."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from bumble import crypto, hci

if TYPE_CHECKING:
    from wifi_sim.air_controller import AirController

Error = hci.HCI_ErrorCode

_RSSI = -50  # dBm, everyone is near
_SUCCESS = bytes([Error.SUCCESS])


class ExtraCommands:
    """Mixed into the controller; `extra_commands` maps an opcode to its answer."""

    extra_commands: ClassVar[dict[int, Callable[[Any, bytes], bytes]]] = {}

    def answer_extra(self: AirController, command: hci.HCI_Command) -> None:
        """Answer with a Command Complete event; parameters that do not parse are refused."""
        try:
            answer = self.extra_commands[command.op_code](self, command.parameters)
        except (struct.error, IndexError, ValueError):
            answer = bytes([Error.INVALID_COMMAND_PARAMETERS_ERROR])
        self.send_hci_packet(
            hci.HCI_Command_Complete_Event(
                num_hci_command_packets=1,
                command_opcode=command.op_code,
                return_parameters=hci.HCI_GenericReturnParameters(data=answer),
            )
        )

    def on_hci_read_remote_version_information_command(
        self: AirController, command: hci.HCI_Read_Remote_Version_Information_Command
    ) -> None:
        """All controllers on this air are of one make."""
        if self.find_le_connection_by_handle(command.connection_handle) is None:
            self._send_hci_command_status(Error.UNKNOWN_CONNECTION_IDENTIFIER_ERROR, command.op_code)
            return
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        self.send_hci_packet(
            hci.HCI_Read_Remote_Version_Information_Complete_Event(
                status=Error.SUCCESS,
                connection_handle=command.connection_handle,
                version=self.lmp_version,
                manufacturer_name=self.manufacturer_company_identifier,
                subversion=self.lmp_subversion,
            )
        )

    def on_hci_le_set_phy_command(self: AirController, command: hci.HCI_LE_Set_PHY_Command) -> None:
        """There is one PHY; the wish is granted with it."""
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        self.send_hci_packet(
            hci.HCI_LE_PHY_Update_Complete_Event(
                status=Error.SUCCESS,
                connection_handle=command.connection_handle,
                tx_phy=hci.Phy.LE_1M,
                rx_phy=hci.Phy.LE_1M,
            )
        )


def _done(_controller: AirController, _parameters: bytes) -> bytes:
    return _SUCCESS


def _read_rssi(_controller: AirController, parameters: bytes) -> bytes:
    return _SUCCESS + parameters[:2] + struct.pack("b", _RSSI)


def _read_transmit_power(_controller: AirController, parameters: bytes) -> bytes:
    return _SUCCESS + parameters[:2] + struct.pack("b", 0)


def _set_data_length(controller: AirController, parameters: bytes) -> bytes:
    handle, octets, _time = struct.unpack("<HHH", parameters)
    connection = controller.find_le_connection_by_handle(handle)
    if connection is None:
        return bytes([Error.UNKNOWN_CONNECTION_IDENTIFIER_ERROR]) + parameters[:2]
    controller.wish_data_length(connection, octets)
    return _SUCCESS + parameters[:2]


def _encrypt(_controller: AirController, parameters: bytes) -> bytes:
    if len(parameters) != 32:
        raise ValueError("key and plaintext are 16 bytes each")
    # bumble's block cipher takes its arguments as they lie in the command.
    return _SUCCESS + crypto.e(parameters[:16], parameters[16:])


def _channel_map(_controller: AirController, parameters: bytes) -> bytes:
    return _SUCCESS + parameters[:2] + bytes.fromhex("ffffffff1f")


ExtraCommands.extra_commands.update(
    {
        # The controller does not resolve addresses, so there is no list to keep true.
        hci.HCI_LE_REMOVE_DEVICE_FROM_RESOLVING_LIST_COMMAND: _done,
        hci.HCI_LE_ADD_DEVICE_TO_FILTER_ACCEPT_LIST_COMMAND: _done,
        hci.HCI_LE_REMOVE_DEVICE_FROM_FILTER_ACCEPT_LIST_COMMAND: _done,
        hci.HCI_LE_SET_HOST_CHANNEL_CLASSIFICATION_COMMAND: _done,
        hci.HCI_READ_RSSI_COMMAND: _read_rssi,
        hci.HCI_READ_TRANSMIT_POWER_LEVEL_COMMAND: _read_transmit_power,
        hci.HCI_LE_SET_DATA_LENGTH_COMMAND: _set_data_length,
        hci.HCI_LE_ENCRYPT_COMMAND: _encrypt,
        hci.HCI_LE_READ_CHANNEL_MAP_COMMAND: _channel_map,
    }
)
