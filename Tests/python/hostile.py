"""Tenants that do what a server shared by several must bear, for soak.py: each act is bounded, and none may fail for it."""

import json
import os
import random
import socket
import time

from test_crowds import answer
from torture import BACKFILL

MIB = 1 << 20
LONG_PATH = "/public-api/" + "a" * 6_000
RUNS = "/api/v1/agents/contact_deduper/runs"
CREDENTIALS = "/_understudy/sandbox/credentials"


def encode(method, path, key, body=b"", length=None):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    credential = f"Authorization: Bearer {key}\r\n" if key else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{credential}Content-Length: {length or len(data)}\r\n\r\n"
    return head.encode() + data


def pattern(length):
    return "/public-api/" + "*%3F" * ((length - 13) // 2) + "!"


def names(first, count):
    return (f"{first}{number:x}".ljust(5, "g") for number in range(count))


class Tenant:
    """A hostile tenant with a key for each API. Who takes long to answer it is left."""

    def __init__(self, port, neo, backside, dice):
        self.port, self.neo, self.backside, self.dice = port, neo, backside, dice
        self.asked = 0

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, method, path, body=b"", key=None):
        self.asked += 1
        try:
            with self.connect() as connection:
                connection.sendall(encode(method, path, key or self.neo, body))
                return answer(connection)[0]
        except OSError:
            return None

    def leave(self, count, bytes_sent, seconds=0.0):
        """Connections that send these bytes, read nothing and go after a while."""
        self.asked += count
        crowd = []
        try:
            for _ in range(count):
                crowd.append(self.connect())
                crowd[-1].settimeout(1)
                crowd[-1].sendall(bytes_sent)
            time.sleep(seconds)
        except OSError:
            pass
        finally:
            for connection in crowd:
                connection.close()

    def reset(self):
        self.ask("POST", "/_understudy/sandbox/reset")

    # Time

    def advances(self):
        self.ask("PUT", "/_understudy/scenarios/big", {"when": {}, "then": {"entities": 20_000}})
        self.ask("POST", "/public-api/backfills", {**BACKFILL, "max_in_flight": 10})
        self.ask("POST", "/_understudy/clock/advance", {"until": "idle"})
        self.reset()

    def imports(self):
        row = '{"id":"soak-%07d","type":"ticket","fields":{"title":"The printer of room %d is silent"}}'
        rows = ",".join(row % (number, number) for number in range(100_000))
        self.ask("PUT", "/_understudy/sandbox/import", f'{{"understudy":1,"base":"blank","entities":[{rows}]}}'.encode())
        self.leave(6, encode("GET", "/_understudy/sandbox/export", self.neo), 0.5)
        self.reset()
        self.ask("PUT", "/_understudy/sandbox/import", b'{"x":[' + b"[]," * (5 * MIB) + b"0]}")

    def filters(self):
        rules = [{"field": "title", "operator": "contains", "value": f"{number}z"} for number in range(17_000)]
        spec = {"combinator": "or", "rules": rules}
        body = json.dumps({"entity_type": "ticket", "filter_spec": spec}, separators=(",", ":")).encode()
        self.ask("POST", "/public-api/backfills/verify", body)

    def reports(self):
        for _ in range(2):
            members = ",".join(f'"{name}":0' for name in names(self.dice.choice("abcdef"), 6_000))
            self.ask("POST", "/public-api/backfills", b"{" + members.encode() + b"}")
        self.ask("GET", "/_understudy/conformance")
        self.ask("GET", "/_understudy/requests.har")

    def patterns(self):
        self.ask("GET", LONG_PATH)
        for length in (256, 2_000):
            self.ask("GET", f"/_understudy/requests/count?path={pattern(length)}")
        rule = {"match": {"path": pattern(256).replace("%3F", "?")}, "response": {"status": 503}}
        faults = [{"name": f"f{number}", **rule} for number in range(200)]
        self.ask("PUT", "/_understudy/sandbox/import", {"understudy": 1, "base": "blank", "faults": faults})
        self.ask("GET", LONG_PATH)
        self.reset()

    def scenarios(self):
        for number in range(12):
            then = {"fail": [f"tkt-{number}-{entity:07}" for entity in range(45_000)]}
            self.ask("PUT", f"/_understudy/scenarios/s{number}", {"when": {"target_workflow_id": 204}, "then": then})
        self.ask("POST", "/public-api/backfills", BACKFILL)
        self.reset()

    # Memory

    def bodies(self):
        """Large bodies of nobody, which are not kept."""
        self.leave(12, encode("PUT", "/_understudy/sandbox/import", None, b" " * (63 * MIB), 64 * MIB), 1)

    def waits(self):
        for length in (200, 6_000):
            wait = f"/_understudy/requests/wait?count=1000&path=/public-api/{'b' * length}"
            for _ in range(200):
                self.ask("GET", f"{wait}&timeout=0.0001")
            self.leave(100, encode("GET", f"{wait}&timeout=60", self.neo))

    def inputs(self):
        for _ in range(20):
            self.ask("POST", RUNS, {"input": {"text": "x" * 900_000}}, self.backside)
        self.ask("POST", "/_understudy/sandbox/reset", key=self.backside)

    def snapshots(self):
        for number in range(30):
            self.ask("PUT", f"/_understudy/snapshots/{number}")

    def credentials(self):
        for _ in range(30):
            self.ask("POST", CREDENTIALS, {"label": "x" * 100})

    # Connections

    def hang_ups(self):
        """Delayed requests whose clients have gone."""
        fault = {"match": {}, "response": {"fixedDelayMilliseconds": 60_000}}
        self.ask("PUT", "/_understudy/faults/slow", fault)
        self.leave(60, encode("GET", "/public-api/agents", self.neo))
        self.ask("DELETE", "/_understudy/faults/slow")
        self.reset()

    ACTS = (
        advances, imports, filters, reports, patterns, scenarios, bodies, waits, inputs, snapshots, credentials, hang_ups
    )


def misbehave(port, keys, seed, until, cycles):
    """All acts in ever another order, until then; counts whole rounds of them."""
    os.nice(10)
    dice = random.Random(seed)
    tenant = Tenant(port, *keys, dice)
    while time.monotonic() < until:
        acts = list(Tenant.ACTS)
        dice.shuffle(acts)
        for act in acts:
            if time.monotonic() > until:
                return
            act(tenant)
        cycles[seed] += 1


def look(port, key, until, worst):
    """Health, on a new connection each time, and a GET of one's own sandbox: the longest of each in seconds."""
    own = socket.create_connection(("127.0.0.1", port), timeout=60)
    while time.monotonic() < until:
        start = time.monotonic()
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(encode("GET", "/_understudy/health", None))
            assert answer(connection)[0] == 200
        middle = time.monotonic()
        own.sendall(encode("GET", "/public-api/agents", key))
        assert answer(own)[0] == 200
        worst[0], worst[1] = max(worst[0], middle - start), max(worst[1], time.monotonic() - middle)
        time.sleep(0.02)
