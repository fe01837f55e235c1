"""What is measured once rather than under load: starting, stopping, memory."""

import http.client
import statistics
import time

import servers
from scenarios import BACKFILLS, key

IDLE_SANDBOXES = 1_000


def start_and_stop(make, path, rounds=10):
    """Milliseconds from the start of the process to its first answer, resident KiB then, milliseconds to its end."""
    starts, stops, resident = [], [], []
    for _ in range(rounds):
        began = time.perf_counter()
        server = make()
        server.ask("GET", path)
        starts.append((time.perf_counter() - began) * 1e3)
        resident.append(server.resident_kib())
        time.sleep(0.05)
        stops.append(server.stop() * 1e3)
    return tuple(statistics.median(values) for values in (starts, resident, stops))


def kib_per_sandbox(binary):
    """What a sandbox costs that was made, asked once and left alone."""
    with servers.understudy(binary, "--rate-limit", "count") as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)

        def touch(numbers):
            for number in numbers:
                connection.request("GET", BACKFILLS, headers=key(f"idle{number}"))
                connection.getresponse().read()

        touch(range(50))
        before = server.resident_kib()
        touch(range(50, 50 + IDLE_SANDBOXES))
        return (server.resident_kib() - before) / IDLE_SANDBOXES
