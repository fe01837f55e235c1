"""Keeps a server busy with mixed requests for a while, and looks whether its memory and file descriptors stay flat.

Ever new sandboxes come, more than the server keeps; each lives for some hundred requests. Requests are sent sixteen at a time.
With hostile tenants beside, it also looks how long others wait, and how long a stop takes meanwhile.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import socket
import subprocess
import tempfile
import time

from conftest import Server
from hostile import look, misbehave
from test_crowds import answer, descriptors
from torture import BACKFILL

BATCH = 16
ADMIN = "the-admin-of-the-soak"
MEMORY_MIB = 1024
KIND = "/api/v1/agents/contact_deduper/runs"


def requests(dice, keys, clients):
    """A sandbox's requests, sixteen at a time."""
    key, backside = keys
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


def load(port, worker, until, counts, failures, remove, strict):
    dice = random.Random(worker)
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    number = 0
    while time.monotonic() < until:
        number += 1
        name = f"{worker}n{number}"
        keys = make_sandbox(connection, f"soak-{name}") if strict else own_keys(f"Soak{name}")
        for batch in requests(dice, keys, dice.randint(5, 40)):
            connection.sendall(batch)
            rest = b""
            for _ in range(BATCH):
                status, body, rest = answer(connection, rest)
                if status is None or status == 500:
                    failures[worker] += 1
            counts[worker] += BATCH
        if remove:
            for key in keys[:1] if strict else keys:
                remove_sandbox(connection, key)


def own_keys(word):
    """Of open mode: each opens a sandbox of its own at first use."""
    return f"neo_sk_test_{word}", "bsk_live_" + word.ljust(43, "x")


def make_sandbox(connection, name):
    """The keys of an admin's sandbox: one for each API."""
    connection.sendall(encode("POST", "/_understudy/admin/sandboxes", ADMIN, {"name": name, "clock": {"mode": "manual"}}))
    status, body, _ = answer(connection)
    assert status == 201, body
    made = json.loads(body)["credentials"]
    return [next(key["token"] for key in made if key["api"] == api) for api in ("neo", "backside")]


def remove_sandbox(connection, key):
    """A sandbox that was just used is not dropped; without this it would keep others out."""
    connection.sendall(encode("GET", "/_understudy/sandbox", key, None))
    status, body, _ = answer(connection)
    if status == 200:
        connection.sendall(encode("DELETE", f"/_understudy/admin/sandboxes/{json.loads(body)['name']}", ADMIN, None))
        answer(connection)


def resident(server):
    with open(f"/proc/{server.pid}/statm") as figures:
        return int(figures.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20


def start(place, options, data):
    """The server, and how many MiB of memory it may take at most: its limit, and a process's own beside."""
    options = [*options, "--data", str(place / "data")] if data else options
    known = subprocess.run([os.environ["UNDERSTUDY"], "serve", "--help"], capture_output=True, text=True).stdout
    if "--memory-limit" in known:
        options = [*options, "--memory-limit", f"{MEMORY_MIB}MiB"]
    options = ["--seed", "blank", "--clock", "manual", "--rate-limit", "count", "--max-sandboxes", "300", *options]
    return Server(place, [*options, "--log-level", "warning"], {"UNDERSTUDY_ADMIN_TOKEN": ADMIN})


def soak(seconds, data, strict, hostile, workers=4):
    place = pathlib.Path(tempfile.mkdtemp(prefix="understudy-soak-"))
    server = start(place, ["--mode", "strict"] if strict else [], data)
    first = resident(server), descriptors(server)
    until = time.monotonic() + seconds
    counts, failures = multiprocessing.Array("l", workers), multiprocessing.Array("l", workers)
    rounds, worst = multiprocessing.Array("l", hostile), multiprocessing.Array("d", 2)
    good = [multiprocessing.Process(target=load, args=(server.port, number, until, counts, failures, strict or not data, strict))
            for number in range(workers)]
    bad = []
    if hostile:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            every = [make_sandbox(connection, f"hostile-{number}") for number in range(hostile + 1)]
        bad = [multiprocessing.Process(target=misbehave, args=(server.port, keys, number, until + 5, rounds), daemon=True)
               for number, keys in enumerate(every[1:])]
        good.append(multiprocessing.Process(target=look, args=(server.port, every[0][0], until, worst)))
    for process in good + bad:
        process.start()
    samples = []
    while time.monotonic() < until - 0.5:
        time.sleep(0.25)
        samples.append((resident(server), descriptors(server)))
    for process in good:
        process.join()
    began = time.monotonic()
    code = server.stop()  # the hostile ones are still at it
    stopped = time.monotonic() - began
    for process in bad:
        process.kill()
        process.join()
    tell(seconds, counts, failures, first, samples)
    if hostile:
        print(f"beside {hostile} hostile tenants, {sum(rounds)} rounds: health at most {worst[0] * 1e3:.0f} ms, "
              f"a GET {worst[1] * 1e3:.0f} ms; the stop {stopped:.1f} s")
    errors = server.errors()
    shutil.rmtree(place)
    assert code == 0 and all(process.exitcode == 0 for process in good), errors[:2000]
    assert sum(failures) == 0, errors[:2000]
    assert " error " not in errors if hostile else errors == "", errors[:2000]
    judge(samples, hostile)
    assert stopped < 6, "the stop takes long"
    if hostile:
        assert worst[0] < 1 and worst[1] < 1, "others wait long"
        assert sum(rounds) > 0, "no hostile tenant came round: others were not looked at beside all acts"


def parts(samples):
    """The third and the last quarter."""
    return samples[len(samples) // 2:len(samples) * 3 // 4], samples[len(samples) * 3 // 4:]


def floor(part):
    """Resident MiB that a tenth of the samples are below: what is kept, without what comes and goes."""
    return sorted(sample[0] for sample in part)[len(part) // 10]


def peak(part):
    return max(sample[0] for sample in part), max(sample[1] for sample in part)


def tell(seconds, counts, failures, first, samples):
    total = sum(counts)
    third, last = parts(samples)
    print(f"{total} requests in {seconds:.0f} s ({total / seconds:.0f}/s), {sum(failures)} failed")
    places = [("start", first), ("quarter", samples[len(samples) // 4]), ("third quarter's peak", peak(third)),
              ("last quarter's peak", peak(last)), ("peak of all", peak(samples))]
    print("resident MiB, descriptors: " + "; ".join(f"{name} {sample[0]:.0f}, {sample[1]}" for name, sample in places)
          + f"; a tenth below {floor(third):.0f} and {floor(last):.0f} MiB")


def judge(samples, hostile):
    third, last = parts(samples)
    if hostile:
        # The acts come and go, so peaks differ.
        assert floor(last) < floor(third) * 1.1 + 32, "memory grows"
        assert peak(samples)[0] < MEMORY_MIB * 1.25 + 64, "memory is not within its limit"
        assert peak(last)[1] <= peak(third)[1] + 150, "descriptors grow"
    else:
        assert peak(last)[0] < peak(third)[0] * 1.05 + 16, "memory grows"
        assert peak(last)[1] <= peak(third)[1] + 16, "descriptors grow"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--data", action="store_true", help="with databases in files")
    parser.add_argument("--strict", action="store_true", help="in strict mode; all sandboxes are an admin's")
    parser.add_argument("--hostile", type=int, default=0, help="so many tenants that do their worst beside")
    arguments = parser.parse_args()
    soak(arguments.seconds, arguments.data, arguments.strict, arguments.hostile)
