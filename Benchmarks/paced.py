"""Runs paced.c, which sends at a low, fixed pace, and reads what it found."""

import os
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """Requests that are measured together."""

    name: str
    connections: int  # 0: each request has its own
    rate: int  # a second
    requests: list

    def write(self, path):
        with open(path, "wb") as file:
            for request in self.requests:
                text = encode(request.method, request.path, request.headers, request.body)
                file.write(f"{len(text)}\n".encode() + text)


@dataclass(frozen=True)
class Waits:
    """What a kind's requests waited, in milliseconds."""

    answered: int
    failed: int
    unanswered: int
    p50: float
    p99: float
    most: float
    late: float  # how late the measuring program itself was, at the 99th percentile


def encode(method, path, headers, body=None):
    data = body.encode() if isinstance(body, str) else body or b""
    fields = {"Host": "localhost", **headers, **({"Content-Length": len(data)} if body is not None else {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + data


def measure(program, port, seconds, kinds, folder):
    """The waits of each kind, by its name."""
    command = [program, str(port), str(seconds)]
    for kind in kinds:
        path = os.path.join(folder, f"{kind.name}.requests")
        kind.write(path)
        command += [kind.name, str(kind.connections), str(kind.rate), path]
    found = {}
    for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
        _, name, answered, failed, unanswered, *times = line.split()
        found[name] = Waits(int(answered), int(failed), int(unanswered), *(float(time) / 1e3 for time in times))
    return found
