"""A program that answers every address with its process id and its clock's offset."""

import http.server
import os
import sys


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        text = f"{os.getpid()} {os.environ.get('CHEFU_CLOCK_OFFSET')}".encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_arguments: object) -> None:
        """Says nothing of each request."""


if __name__ == "__main__":
    print("hello from", sys.argv[1], "ünïcode", flush=True)
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Answer).serve_forever()
