"""A client that costs little, for the busy tenant: it reads no answer but its status."""

import json
import socket

from paced import encode
from scenarios import key

HOSTILE = key("hostile")
MIB = 1 << 20


class Tenant:
    """One connection of the hostile tenant, and what came of its requests."""

    def __init__(self, port, count=lambda status: None):
        self.port = port
        self.count = count
        self.connection = None

    def ask(self, method, path, body=None, who=HOSTILE):
        """The status of the answer; its body is thrown away as it comes."""
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=600)
            self.file = self.connection.makefile("rb", MIB)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        try:
            self.connection.sendall(encode(method, path, who, body))
            status = self.read()
        except OSError:
            status = 0
        if status == 0:
            self.connection.close()
            self.connection = None
        self.count(status)
        return status

    def read(self):
        first = self.file.readline()
        if not first:
            return 0
        length, chunked = 0, False
        while (line := self.file.readline().lower()) not in (b"\r\n", b""):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            chunked |= line.startswith(b"transfer-encoding:") and b"chunked" in line
        while True:
            if chunked:
                length = int(self.file.readline() or b"0", 16)
            left = length
            while left > 0 and (piece := self.file.read1(min(left, MIB))):
                left -= len(piece)
            if not chunked:
                break
            self.file.readline()
            if length == 0:
                break
        return int(first.split()[1])

    def first_taken(self, method, path, bodies):
        """The first of the bodies that is not refused."""
        for body in bodies:
            if self.ask(method, path, body) < 300:
                return body
        raise RuntimeError(f"{method} {path}: all are refused")
