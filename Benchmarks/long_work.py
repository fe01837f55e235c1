"""What a tenant can do that makes its simulation work long (activities.py)."""

import json
import time

from scenarios import BACKFILLS, new_backfill
from tenant import HOSTILE_RUNS, SHORT_PAUSE, short_get


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


def correction(tenant):
    def step(tenant):
        tenant.ask("PUT", "/_understudy/scenarios/big", {"when": {}, "then": {"entities": 200_000}})
        created = tenant.ask_for_json("POST", BACKFILLS, new_backfill(123))
        if created:
            path = f"/_understudy/backfills/{created['data']['backfill']['id']}"
            tenant.ask("PATCH", path, {"state": "COMPLETED"})
        tenant.ask("POST", "/_understudy/sandbox/reset")

    return [step, step]


def long_runs(tenant):
    step = {"kind": "tool", "name": "t", "seconds": 1}
    then = {"steps": [step] * 15_000, "outcome": {"status": "succeeded"}}
    scenario = {"when": {"agent_kind": "contact_deduper"}, "then": then}

    def one(tenant):
        tenant.ask("PUT", "/_understudy/scenarios/long", scenario, HOSTILE_RUNS)
        for _ in range(20):
            tenant.ask("POST", "/api/v1/agents/contact_deduper/runs", {"input": {}}, HOSTILE_RUNS)
        tenant.ask("POST", "/_understudy/clock/advance", {"until": "idle"}, HOSTILE_RUNS)
        tenant.ask("POST", "/_understudy/sandbox/reset", who=HOSTILE_RUNS)

    return [one, one]
