"""Runs wrk and reads what it found."""

import json
import os
import statistics
import subprocess
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict
    body: str | None = None
    gives_id: bool = False  # its answer has the id that later requests of the same plan name


@dataclass(frozen=True)
class Plan:
    """What wrk sends: one list of requests for each of its threads."""

    threads: list
    connections: int
    follows: bool = False  # each request waits for the answer to the one before

    def write(self, path):
        with open(path, "w") as file:
            file.write(f"return {{ follow = {'true' if self.follows else 'false'},\n")
            for requests in self.threads:
                file.write("{\n" + "".join(_lua(request) for request in requests) + "},\n")
            file.write("}\n")


def _lua(request):
    # A JSON string is a Lua string as long as it is plain ASCII without escapes of its own.
    quoted = json.dumps
    headers = ", ".join(f"[{quoted(name)}] = {quoted(value)}" for name, value in request.headers.items())
    body = f", body = {quoted(request.body)}" if request.body is not None else ""
    return (
        f"{{ method = {quoted(request.method)}, path = {quoted(request.path)}, headers = {{ {headers} }}{body}, "
        f"givesID = {'true' if request.gives_id else 'false'} }},\n"
    )


@dataclass(frozen=True)
class Round:
    rate: float  # requests a second
    p50: float  # microseconds
    p99: float
    failed: int
    cpu: float  # microseconds of the server's processor time for each request


def measure(plan, plan_path, server, seconds):
    """One round against one server."""
    command = [
        "wrk", f"-t{len(plan.threads)}", f"-c{plan.connections}", f"-d{seconds}s", "-s", f"{HERE}/plan.lua",
        f"http://127.0.0.1:{server.port}", "--", plan_path,
    ]
    before = server.cpu_seconds()
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = next(line for line in output.splitlines() if line.startswith("RESULT "))
    requests, microseconds, p50, p99, failed = (int(word) for word in found.split()[1:])
    cpu = (server.cpu_seconds() - before) / max(requests, 1) * 1e6
    return Round(requests / microseconds * 1e6, p50, p99, failed, cpu)


def median(values):
    return statistics.median(values)
