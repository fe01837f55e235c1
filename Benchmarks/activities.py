"""What a hostile tenant does in its own sandbox while others are measured (neighbours.py)."""

import json
import socket
import time
from dataclasses import dataclass
from typing import Callable
from urllib.parse import quote

from paced import encode
from scenarios import BACKFILLS, key, new_backfill
from tenant import HOSTILE, MIB

BUSY_SECONDS = 5
SHORT_PAUSE = 0.05  # between a tenant's short requests: within its rate limit


@dataclass(frozen=True)
class Activity:
    name: str
    prepare: Callable  # of a Tenant; gives a list of steps, each of which is repeated on a connection of its own
    data: bool = False  # with --data
    seconds: int = BUSY_SECONDS


def paced(step):
    def one(tenant):
        step(tenant)
        time.sleep(SHORT_PAUSE)

    return one


def get(path):
    return lambda tenant: tenant.ask("GET", path)


def short_get(path=BACKFILLS):
    return paced(get(path))


# The clock


def advance(entities):
    def step(tenant):
        tenant.ask("PUT", "/_understudy/scenarios/big", {"when": {}, "then": {"entities": entities}})
        tenant.ask("POST", BACKFILLS, json.loads(new_backfill(123)) | {"max_in_flight": 10})
        tenant.ask("POST", "/_understudy/clock/advance", {"until": "idle"})
        tenant.ask("POST", "/_understudy/sandbox/reset")

    return lambda tenant: [step] + [short_get()] * 4


def much_due(tenant):
    def step(tenant):
        tenant.ask("POST", "/_understudy/sandbox/reset")
        tenant.ask("PUT", "/_understudy/scenarios/big", {"when": {}, "then": {"entities": 100_000}})
        tenant.ask("PATCH", "/_understudy/clock", {"mode": "real", "speed": 1_000_000})
        tenant.ask("POST", BACKFILLS, json.loads(new_backfill(123)) | {"max_in_flight": 10})
        for _ in range(8):
            time.sleep(SHORT_PAUSE)
            tenant.ask("GET", BACKFILLS)

    return [step] + [short_get()] * 3


# Large bodies, in and out


def large_seed(size):
    head, tail = b'{"understudy":1,"base":"blank","entities":[', b"]}"
    row = '{"id":"neighbour-%07d","type":"ticket","fields":{"title":"The printer of room %d is silent","status":"New"}}'
    count = (size - 100) // (len(row % (0, 1000)) + 1)
    return head + ",".join(row % (number, number % 1000) for number in range(count)).encode() + tail


def brackets(size):
    return b'{"x":[' + b",".join([b"[]"] * (size // 3 - 4)) + b"]}"


def imports(make, size, connections):
    def prepare(tenant):
        document = make(size)
        return [lambda tenant: tenant.ask("PUT", "/_understudy/sandbox/import", document)] * connections

    return prepare


def fill(tenant, size):
    tenant.first_taken("PUT", "/_understudy/sandbox/import", (large_seed(size >> half) for half in range(6)))


def exports(tenant):
    fill(tenant, 40 * MIB)
    return [get("/_understudy/sandbox/export")] * 4


def unread_exports(tenant):
    fill(tenant, 40 * MIB)

    def step(tenant):
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", tenant.port))
            connection.sendall(encode("GET", "/_understudy/sandbox/export", HOSTILE))
            time.sleep(2)

    return [step] * 20


# Filters, reports, archives, patterns


def rules(count):
    # Another filter every time, so that no kept matches answer. None matches: every rule is asked of every entity.
    stamp = time.monotonic_ns() % 10_000
    made = [{"field": "title", "operator": "contains", "value": f"{number}z{stamp}"} for number in range(count)]
    spec = {"combinator": "or", "rules": made}
    return json.dumps({"entity_type": "ticket", "filter_spec": spec}, separators=(",", ":"))


def verify(tenant, count):
    return tenant.ask("POST", f"{BACKFILLS}/verify", rules(count))


def verify_at_bound(tenant):
    taken, refused = 1, 17_001
    while refused - taken > max(taken // 50, 1):
        middle = (taken + refused) // 2
        if verify(tenant, middle) < 300:
            taken = middle
        else:
            refused = middle
    return [lambda tenant: verify(tenant, taken)] * 12


def verify_far_too_much(tenant):
    return [lambda tenant: verify(tenant, 17_000)] * 12


def conformance(tenant):
    for first in range(8):
        names = (f"{first}{number:x}".ljust(5, "g") for number in range(6_000))
        tenant.ask("POST", BACKFILLS, "{" + ",".join(f'"{name}":0' for name in names) + "}")
    return [get("/_understudy/conformance")] * 4


def archives(tenant):
    body = json.dumps({"entity_type": "ticket", "filter_spec": {}, "note": "x" * 8_000})
    for _ in range(900):
        tenant.ask("POST", f"{BACKFILLS}/verify", body)
    return [get("/_understudy/requests.har")] * 4


def hostile_pattern(length):
    return "/public-api/" + "*?" * ((length - 14) // 2) + "!"


LONG_PATH = "/public-api/" + "a" * 6_000


def hostile_counts(tenant):
    for _ in range(10):
        tenant.ask("GET", LONG_PATH)
    counts = "/_understudy/requests/count?path="
    return [get(counts + quote(hostile_pattern(length))) for length in (256, 256, 5_600, 5_600)]


def many_faults(tenant):
    def document(length):
        rule = {"match": {"path": hostile_pattern(length)}, "response": {"status": 503}}
        return {"understudy": 1, "base": "blank", "faults": [{"name": f"f{number}", **rule} for number in range(1_000)]}

    tenant.first_taken("PUT", "/_understudy/sandbox/import", (document(length) for length in (5_600, 1_024, 256)))
    return [short_get(LONG_PATH)] * 4


def many_waits(tenant):
    for _ in range(600):
        tenant.ask("GET", LONG_PATH)
    wait = f"/_understudy/requests/wait?count=1000&timeout=60&path={quote(hostile_pattern(256))}"
    waits, step = [], short_get(LONG_PATH)

    def wait_and_get(tenant):
        while len(waits) < 400:
            waits.append(socket.create_connection(("127.0.0.1", tenant.port)))
            waits[-1].sendall(encode("GET", wait, HOSTILE))
        step(tenant)

    return [wait_and_get] * 2


def large_scenarios(tenant):
    def put(number):
        then = {"fail": [f"tkt-{number}-{entity:07}" for entity in range(45_000)]}
        path = f"/_understudy/scenarios/large{number}"
        return tenant.ask("PUT", path, {"when": {"target_workflow_id": 204}, "then": then})

    end = time.monotonic() + 8
    for number in range(60):
        if put(number) >= 300 or time.monotonic() > end:
            break

    def step(tenant):
        then = {"run_error": {"after": 0, "message": "Over."}}
        tenant.ask("PUT", "/_understudy/scenarios/over", {"when": {"target_workflow_id": 123}, "then": then})
        tenant.ask("POST", BACKFILLS, new_backfill(123))
        tenant.ask("POST", "/_understudy/clock/advance", {"seconds": 60})

    return [paced(step)] * 2


# New keys


def newcomers(tenant):
    numbers = iter(range(1_000_000))

    def step(tenant):
        who = key(f"newcomer{next(numbers)}")
        tenant.ask("GET", BACKFILLS, who=who)
        tenant.ask("POST", BACKFILLS, new_backfill(123), who=who)

    return [step]


ACTIVITIES = [
    Activity("advance 100,000", advance(100_000)),
    Activity("advance 1,000,000", advance(1_000_000), seconds=12),
    Activity("much is due", much_due),
    Activity("import 63 MiB", imports(large_seed, 63 * MIB, 3)),
    Activity("import brackets", imports(brackets, 57 * MIB, 3)),
    Activity("export", exports),
    Activity("export, unread", unread_exports),
    Activity("filter at bound", verify_at_bound),
    Activity("filter, 17,000", verify_far_too_much),
    Activity("conformance", conformance),
    Activity("archive", archives),
    Activity("hostile counts", hostile_counts),
    Activity("1,000 faults", many_faults),
    Activity("400 waits", many_waits),
    Activity("large scenarios", large_scenarios),
    Activity("new keys", newcomers),
    Activity("new keys, --data", newcomers, data=True),
]
