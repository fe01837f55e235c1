"""A client that costs little, for the busy tenant: it reads no answer but its status."""

import json
import socket
import time

from paced import encode
from scenarios import BACKFILLS, key

HOSTILE = key("hostile")
HOSTILE_RUNS = {"Authorization": "Bearer bsk_test_" + "hostile".ljust(43, "0")}
MIB = 1 << 20
SHORT_PAUSE = 0.05  # between a tenant's short requests: within its rate limit


class Tenant:
    """One connection of the hostile tenant, and what came of its requests."""

    def __init__(self, port, count=lambda status: None):
        self.port = port
        self.count = count
        self.connection = None

    def ask_for_json(self, method, path, body):
        """The answer of a short request; nothing when it is a refusal."""
        kept = []
        status = self.ask(method, path, body, keep=kept.append)
        return json.loads(b"".join(kept)) if 0 < status < 300 else None

    def ask(self, method, path, body=None, who=HOSTILE, keep=lambda piece: None):
        """The status of the answer; its body goes as it comes."""
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=600)
            self.file = self.connection.makefile("rb", MIB)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        try:
            self.connection.sendall(encode(method, path, who, body))
            status = self.read(keep)
        except OSError:
            status = 0
        if status == 0:
            self.connection.close()
            self.connection = None
        self.count(status)
        return status

    def read(self, keep):
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
                keep(piece)
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


def paced(step):
    def one(tenant):
        step(tenant)
        time.sleep(SHORT_PAUSE)

    return one


def get(path):
    return lambda tenant: tenant.ask("GET", path)


def short_get(path=BACKFILLS):
    return paced(get(path))
