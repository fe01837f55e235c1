"""Keeps a server busy with mixed requests for a while, and looks whether its memory and file descriptors stay flat.

Ever new sandboxes come, more than the server keeps; each lives for some hundred requests. Requests are sent sixteen at a time.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import socket
import tempfile
import time

from conftest import Server
from test_crowds import answer, descriptors
from torture import BACKFILL

BATCH = 16
KIND = "/api/v1/agents/contact_deduper/runs"


def requests(dice, number, clients):
    """A sandbox's requests, sixteen at a time."""
    key, backside = f"neo_sk_test_Soak{number}", "bsk_live_" + f"Soak{number}".ljust(43, "x")
    mix = [
        (20, "GET", "/public-api/agents", key, None), (8, "GET", "/public-api/backfills", key, None),
        (8, "POST", "/public-api/backfills", key, {**BACKFILL, "max_in_flight": 10}),
        (6, "POST", "/_understudy/clock/advance", key, {"until": "idle"}),
        (6, "GET", "/public-api/executions", key, None), (6, "POST", "/public-api/backfills", key, {"nonsense": True}),
        (10, "POST", KIND, backside, {"input": {"a": 1}}), (10, "GET", KIND, backside, None),
        (4, "GET", "/api/v1/agent-configs", backside, None), (4, "POST", "/_understudy/clock/advance", backside, {"seconds": 30}),
        (3, "PUT", "/_understudy/scenarios/s", key, {"when": {"times": 1}, "then": {"entities": 20, "fail": 2}}),
        (2, "PUT", "/_understudy/faults/f", key, {"match": {"times": 2}, "response": {"status": 503}}),
        (2, "DELETE", "/_understudy/faults/f", key, None), (2, "PUT", "/_understudy/snapshots/n", key, None),
        (2, "POST", "/_understudy/snapshots/n/restore", key, None), (1, "POST", "/_understudy/sandbox/reset", key, None),
        (1, "GET", "/_understudy/sandbox/export", key, None), (1, "GET", "/_understudy/requests?limit=20", key, None),
        (4, "GET", "/public-api/nothing", key, None), (4, "GET", "/public-api/agents", "bad", None),
        (2, "GET", "/public-api/agents/123", key, None),
    ]
    weights = [line[0] for line in mix]
    for _ in range(clients):
        yield b"".join(encode(*line[1:]) for line in dice.choices(mix, weights, k=BATCH))


def encode(method, path, key, body):
    data = b"" if body is None else json.dumps(body).encode()
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data


def load(port, worker, until, counts, failures):
    dice = random.Random(worker)
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    number = 0
    while time.monotonic() < until:
        number += 1
        for batch in requests(dice, f"{worker}n{number}", dice.randint(5, 40)):
            connection.sendall(batch)
            rest = b""
            for _ in range(BATCH):
                status, body, rest = answer(connection, rest)
                if status is None or status == 500:
                    failures[worker] += 1
            counts[worker] += BATCH


def resident(server):
    with open(f"/proc/{server.pid}/statm") as figures:
        return int(figures.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20


def soak(seconds, options, workers=4):
    place = pathlib.Path(tempfile.mkdtemp(prefix="understudy-soak-"))
    if "--data" in options:
        options = [*options, str(place / "data")]
    server = Server(place, ["--seed", "blank", "--clock", "manual", "--rate-limit", "count", "--max-sandboxes", "300",
                            "--log-level", "warning", *options], {})
    first = resident(server), descriptors(server)
    until = time.monotonic() + seconds
    counts, failures = multiprocessing.Array("l", workers), multiprocessing.Array("l", workers)
    processes = [multiprocessing.Process(target=load, args=(server.port, number, until, counts, failures)) for number in range(workers)]
    for process in processes:
        process.start()
    samples = []
    while time.monotonic() < until - 0.5:
        time.sleep(0.5)
        samples.append((resident(server), descriptors(server)))
    for process in processes:
        process.join()
        assert process.exitcode == 0
    total = sum(counts)
    half, end = samples[len(samples) // 2:len(samples) * 3 // 4], samples[len(samples) * 3 // 4:]
    peaks = [(max(s[0] for s in part), max(s[1] for s in part)) for part in (half, end)]
    print(f"{total} requests in {seconds:.0f} s ({total / seconds:.0f}/s), {sum(failures)} failed")
    print("resident MiB, descriptors: "
          + "; ".join(f"{name} {sample[0]:.0f}, {sample[1]}" for name, sample in (
              ("start", first), ("quarter", samples[len(samples) // 4]), ("third quarter's peak", peaks[0]), ("last quarter's peak", peaks[1]))))
    assert server.stop() == 0
    assert sum(failures) == 0, server.errors()[:2000]
    assert server.errors() == "", server.errors()[:2000]
    shutil.rmtree(place)
    assert peaks[1][0] < peaks[0][0] * 1.05 + 16, "memory grows"
    assert peaks[1][1] <= peaks[0][1] + 16, "descriptors grow"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--data", action="store_true", help="with databases in files")
    arguments = parser.parse_args()
    soak(arguments.seconds, ["--data"] if arguments.data else [])
