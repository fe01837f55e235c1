"""What is measured under load: each scenario prepares a sandbox and says what is sent to it, over and over."""

import json
from dataclasses import dataclass
from typing import Callable

from load import Plan, Request

NEO = {"Authorization": "Bearer neo_sk_test_adminKey1"}  # opens the demo sandbox
BACKSIDE = {"Authorization": "Bearer bsk_live_EverythingUnderstudy0123456789abcdefghijklm"}
BACKFILLS = "/public-api/backfills"
TICKET_WORKFLOWS = (123, 140, 157, 204)
WITH_FAILURES = "00000000-0000-4000-8000-00000000ba04"  # a backfill of the demo seed, four of whose entities failed


@dataclass(frozen=True)
class Scenario:
    name: str
    prepare: Callable  # of a running understudy; gives the plan
    least: float | None = None  # the ratio to reach
    of: str = "bare"  # what the ratio is to: the bare program, or another scenario's requests
    ceiling_ms: float | None = None  # the p50 to reach
    data: bool = False  # with --data


def key(word):
    return {"Authorization": f"Bearer neo_sk_test_{word}"}


def new_backfill(workflow, filtered=True):
    rules = [{"field": "status", "operator": "=", "value": "New"}]
    body = {
        "target_workflow_id": workflow, "entity_type": "ticket",
        "filter_spec": {"combinator": "and", "rules": rules} if filtered else {},
        "daily_execution_windows": {}, "max_in_flight": 1,
    }
    return json.dumps(body)


def set_clock(server, who, **clock):
    server.expect("PATCH", "/_understudy/clock", who, json.dumps(clock))


def put_scenario(server, who, **then):
    server.expect("PUT", "/_understudy/scenarios/bench", who, json.dumps({"when": {}, "then": then}))


def get_by_id(server):
    return Plan([[Request("GET", f"{BACKFILLS}/{WITH_FAILURES}", NEO)]] * 2, 16)


def get_in_many_sandboxes(server):
    requests = []
    for number in range(1000):
        who = key(f"many{number}")
        answer = server.expect("POST", BACKFILLS, who, new_backfill(123))
        requests.append(Request("GET", f"{BACKFILLS}/{json.loads(answer)['data']['backfill']['id']}", who))
    return Plan([requests] * 2, 16)


def list_of_50(server):
    who = key("list")
    row = {
        "state": "CANCELLED", "target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {}, "max_in_flight": 1,
        "created_at": "2026-03-01T09:00:00Z", "completed_at": "2026-03-01T09:01:00Z",
    }
    rows = [{"id": f"00000000-0000-4000-8000-{number:012}", **row} for number in range(60)]
    server.expect("PUT", "/_understudy/sandbox/import", who, json.dumps({"understudy": 1, "base": "blank", "backfills": rows}))
    return Plan([[Request("GET", f"{BACKFILLS}?page_size=50", who)]] * 2, 16)


def create(server, filtered=True):
    # Every backfill ends at its first tick, and the clock runs so fast that this is before the next request: so a
    # workflow, which has one active backfill at a time, can have the next.
    who = key("create")
    put_scenario(server, who, run_error={"after": 0, "message": "It is over."})
    set_clock(server, who, mode="real", speed=1_000_000)
    threads = [[Request("POST", BACKFILLS, who, new_backfill(workflow, filtered))] for workflow in TICKET_WORKFLOWS]
    return Plan(threads, len(threads), follows=True)


def create_of_all(server):
    return create(server, filtered=False)


def create_and_cancel(server):
    # Nothing is dispatched, so only the cancel ends it; the clock as above.
    who = key("cancel")
    put_scenario(server, who, stall_after=0)
    set_clock(server, who, mode="real", speed=1_000_000)
    threads = [
        [
            Request("POST", BACKFILLS, who, new_backfill(workflow), gives_id=True),
            Request("POST", BACKFILLS + "/{id}/cancel", who),
        ]
        for workflow in TICKET_WORKFLOWS
    ]
    return Plan(threads, len(threads), follows=True)


def verify(server):
    return Plan([[Request("POST", f"{BACKFILLS}/verify", NEO, new_backfill(123))]] * 2, 16)


def verify_new_filters(server):
    # The last filter's matches are kept; of these 500 hardly one is met twice in a row.
    requests = []
    for number in range(500):
        body = json.loads(new_backfill(123))
        body["filter_spec"]["rules"].append({"field": "hours", "operator": "<", "value": 1000 + number})
        requests.append(Request("POST", f"{BACKFILLS}/verify", NEO, json.dumps(body)))
    return Plan([requests] * 2, 16)


def rerun(server):
    put_scenario(server, NEO, run_error={"after": 0, "message": "It is over."})
    set_clock(server, NEO, mode="real", speed=1_000_000)
    return Plan([[Request("POST", f"{BACKFILLS}/{WITH_FAILURES}/rerun-failed", NEO)]], 1, follows=True)


def run_with_steps(server):
    run = "/api/v1/agents/invoice_reconciler/runs/00000000-0000-4000-8000-00000000a908"
    return Plan([[Request("GET", run, BACKSIDE)]] * 2, 16)


def get_among(count):
    """Executions by id: all those of one backfill over that many entities."""

    def prepare(server):
        who = key(f"rows{count}")
        put_scenario(server, who, entities=count)
        backfill = json.loads(server.expect("POST", BACKFILLS, who, new_backfill(123)))["data"]["backfill"]["id"]
        server.expect("PATCH", f"/_understudy/backfills/{backfill}", who, json.dumps({"state": "COMPLETED"}))
        requests, cursor = [], ""
        while len(requests) < 1000:
            page = json.loads(server.expect("GET", f"/public-api/executions?page_size=100{cursor}", who))
            requests += [Request("GET", f"/public-api/executions/{row['execution_id']}", who) for row in page["data"]]
            cursor = f"&cursor={page['meta']['pagination']['next_cursor']}"
        return Plan([requests] * 2, 16)

    return prepare


def control(method, path, setup=None):
    """One request of the control plane after the other, on one connection: what a test waits for."""

    def prepare(server):
        if setup:
            status, _, _ = server.ask(*setup, NEO)
            if status == 404:
                return None
        return Plan([[Request(method, path, NEO)]], 1)

    return prepare


SNAPSHOT = "/_understudy/snapshots/bench"

SCENARIOS = [
    Scenario("get-by-id", get_by_id, 0.75),
    Scenario("get-1000-sandboxes", get_in_many_sandboxes),
    Scenario("get-by-id-data", get_by_id, data=True),
    Scenario("list-50", list_of_50),
    Scenario("verify", verify),
    Scenario("verify-new-filters", verify_new_filters),
    Scenario("run-with-steps", run_with_steps),
    Scenario("create", create, 0.35),
    Scenario("create-data", create, 0.25, data=True),
    Scenario("create-230-entities", create_of_all),
    Scenario("create+cancel", create_and_cancel, 0.35),
    Scenario("create+cancel-data", create_and_cancel, 0.25, data=True),
    Scenario("rerun", rerun),
    Scenario("get-of-1000-rows", get_among(1_000)),
    Scenario("get-of-1000000-rows", get_among(1_000_000), 0.95, of="get-of-1000-rows"),
    Scenario("reset", control("POST", "/_understudy/sandbox/reset"), ceiling_ms=1),
    Scenario("snapshot", control("PUT", SNAPSHOT, ("PUT", SNAPSHOT)), ceiling_ms=1),
    Scenario("restore", control("POST", f"{SNAPSHOT}/restore", ("PUT", SNAPSHOT)), ceiling_ms=1),
]
