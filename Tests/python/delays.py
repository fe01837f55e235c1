"""How long other requests take while many are kept waiting by a fault, and while many connections are idle."""

import argparse
import pathlib
import shutil
import tempfile
import time

from conftest import Server
from test_crowds import AGENTS, KEY, answer, connect


def times(server, seconds):
    """Of requests one after the other, in milliseconds, sorted."""
    request = AGENTS.replace(KEY.encode(), b"neo_sk_test_other")
    connection, taken, end = connect(server), [], time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.perf_counter()
        connection.sendall(request)
        assert answer(connection)[0] == 200
        taken.append((time.perf_counter() - start) * 1_000)
    return sorted(taken)


def tell(what, taken):
    print(f"{what}: {len(taken)} requests, p50 {taken[len(taken) // 2]:.2f} ms, "
          f"p99 {taken[len(taken) * 99 // 100]:.2f} ms, worst {taken[-1]:.2f} ms")


def measure(delayed, idle, seconds):
    place = pathlib.Path(tempfile.mkdtemp(prefix="understudy-delays-"))
    server = Server(place, ["--rate-limit", "off"], {})
    try:
        tell("alone", times(server, seconds))
        fault = {"match": {}, "response": {"fixedDelayMilliseconds": seconds * 1_000}}
        assert server.request("PUT", "/_understudy/faults/slow", KEY, fault).status == 201
        crowd = [connect(server, timeout=120) for _ in range(delayed)]
        start = time.monotonic()
        for connection in crowd:
            connection.sendall(AGENTS)
        tell(f"beside {delayed} delayed by {seconds} s", times(server, seconds - 0.2))
        assert all(answer(connection)[0] == 200 for connection in crowd)
        print(f"all delayed ones are answered after {time.monotonic() - start:.2f} s")
        for connection in crowd:
            connection.close()
        crowd = [connect(server) for _ in range(idle)]
        tell(f"beside {idle} idle connections", times(server, seconds))
        for connection in crowd:
            connection.close()
    finally:
        assert server.stop() == 0
        shutil.rmtree(place)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delayed", type=int, default=300)
    parser.add_argument("--idle", type=int, default=1_000)
    parser.add_argument("--seconds", type=int, default=3)
    arguments = parser.parse_args()
    measure(arguments.delayed, arguments.idle, arguments.seconds)
