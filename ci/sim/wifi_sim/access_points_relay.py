"""Joins standard input and output, which QEMU's user network connects to a guest, with a TCP port
of this machine. Run by QEMU, once a connection; imports nothing that is slow to start."""

import os
import select
import socket
import sys


def main() -> None:
    port = int(sys.argv[1])
    peer = socket.create_connection(("127.0.0.1", port))
    guest_in, guest_out = 0, 1
    sources = {guest_in, peer.fileno()}
    while sources:
        for source in select.select(list(sources), [], [])[0]:
            data = os.read(source, 65536)
            if not data:
                sources.discard(source)
                if source == guest_in:
                    peer.shutdown(socket.SHUT_WR)
                else:
                    return
            elif source == guest_in:
                peer.sendall(data)
            else:
                while data:
                    data = data[os.write(guest_out, data) :]


if __name__ == "__main__":
    try:
        main()
    except OSError:
        # Either side is gone: the other sees it by our end.
        sys.exit(1)
