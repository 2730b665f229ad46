"""The page a device fetches to show that it reaches a server. In a thread of its own."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TEXT = b"Hello from behind the access point: the device is online.\n"


class Page:
    """An HTTP server on a loopback port; 0 chooses one."""

    def __init__(self, port: int, say: Callable[[str], None]):
        self.fetched = 0
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(TEXT)))
                self.send_header("Connection", "close")
                self.end_headers()
                page.fetched += 1
                self.wfile.write(TEXT)
                say("the page was fetched")

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
