"""Neo's part of the built-in seeds: credentials, agents, tickets and time entries, and their history."""

from credentials import LONG_AGO, credential
from neo import agents, backfill_history, entities


def blank():
    return {
        "credentials": [
            key("Admin", "neo-admin"),
            key("User", "neo-user"),
            key("Viewer", "neo-viewer"),
            key("Admin", "neo-expired", expires_at=LONG_AGO),
            key("Admin", "neo-revoked", revoked=True),
        ],
        "agents": agents.all_agents(),
        "entities": entities.all_entities(),
    }


def demo(clock_start):
    backfills, executions = backfill_history.history(blank(), clock_start)
    return {"backfills": backfills, "executions": executions}


def key(role, label, expires_at=None, revoked=False):
    secret = label.removeprefix("neo-") + "Key1"
    return credential(f"neo_sk_test_{secret}", label, role, None, expires_at, revoked)
