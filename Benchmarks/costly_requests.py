"""What a tenant can ask for that is short and costs much: filters, reports, patterns, waits (activities.py)."""

import json
import socket
import time
from urllib.parse import quote

from paced import encode
from scenarios import BACKFILLS, key, new_backfill
from tenant import HOSTILE, get, paced, short_get


def rules(count):
    # Another filter every time, so that no kept matches answer. None matches: every rule is asked of every entity.
    stamp = time.monotonic_ns() % 10_000
    made = [{"field": "title", "operator": "contains", "value": f"{number}z{stamp}"} for number in range(count)]
    spec = {"combinator": "or", "rules": made}
    return json.dumps({"entity_type": "ticket", "filter_spec": spec}, separators=(",", ":"))


def verify(tenant, count):
    return tenant.ask("POST", f"{BACKFILLS}/verify", rules(count))


def verify_at_bound(tenant):
    taken, refused = 1, 17_000
    if verify(tenant, refused) < 300:
        taken = refused
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


def newcomers(tenant):
    numbers = iter(range(1_000_000))

    def step(tenant):
        who = key(f"newcomer{next(numbers)}")
        tenant.ask("GET", BACKFILLS, who=who)
        tenant.ask("POST", BACKFILLS, new_backfill(123), who=who)

    return [step]
