"""The seed `blank`: credentials, agents, tickets, time entries, scripts and configs; nothing has happened yet."""

import agent_scripts
import agents
import entities

# A Monday. The manual and poll clocks start here, and no ticket is younger.
CLOCK_START = "2026-03-02T09:00:00Z"

LONG_AGO = "2025-01-01T00:00:00Z"
BACKSIDE_SECRET_LENGTH = 43


def document():
    return {
        "understudy": 1,
        "description": (
            "A managed-service provider's helpdesk before anything has run: agents, tickets, time entries, and one "
            "credential of each kind. Every name in it is invented."
        ),
        "clock": {"mode": "real", "now": CLOCK_START, "speed": 1},
        "rate_limit_plan": "scale",
        "credentials": credentials(),
        "agents": agents.all_agents(),
        "entities": entities.all_entities(),
        "agent_scripts": agent_scripts.scripts(),
        "agent_configs": agent_configs(),
    }


def credentials():
    """One of each kind, so that every 401 and 403 can be provoked at once."""
    return [
        neo("Admin", "neo-admin"),
        neo("User", "neo-user"),
        neo("Viewer", "neo-viewer"),
        neo("Admin", "neo-expired", expires_at=LONG_AGO),
        neo("Admin", "neo-revoked", revoked=True),
        backside("live", "Everything", "backside-everything", None),
        backside("test", "ReadOnly", "backside-read-only", ["agents:read"]),
        backside("test", "WriteOnly", "backside-write-only", ["agents:write"]),
        backside("test", "NoAgents", "backside-contacts-only", ["contacts:read"]),
        backside("test", "Expired", "backside-expired", None, expires_at=LONG_AGO),
        backside("test", "Revoked", "backside-revoked", None, revoked=True),
    ]


def neo(role, label, expires_at=None, revoked=False):
    secret = label.removeprefix("neo-") + "Key1"
    return credential(f"neo_sk_test_{secret}", label, role, None, expires_at, revoked)


def backside(environment, word, label, scopes, expires_at=None, revoked=False):
    """The secret is the word, filled up to the exact length that such a key has."""
    secret = (word + "Understudy0123456789abcdefghijklmnopqrstuvwxyz")[:BACKSIDE_SECRET_LENGTH]
    return credential(f"bsk_{environment}_{secret}", label, "Admin", scopes, expires_at, revoked)


def credential(token, label, role, scopes, expires_at, revoked):
    return {
        "token": token, "label": label, "role": role, "scopes": scopes, "expires_at": expires_at, "revoked": revoked,
    }


def agent_configs():
    """`contact_deduper` is ready to run, `ticket_triager` has no key yet.

    `invoice_reconciler` has no default deadline: its runs wait for an approval, however long that takes.
    """
    return [
        config(
            1, "contact_deduper", "active", "2026-02-27T08:30:00Z", budget=500, deadline=900, schedule="0 6 * * 1",
            guardrails=[
                {"rule": "max_merges_per_run", "limit": 25, "action": "stop"},
                {"rule": "protected_tags", "tags": ["vip", "legal-hold"], "action": "skip"},
            ],
            created_at="2025-04-03T10:12:00Z"),
        config(
            2, "ticket_triager", "inactive", None, budget=100, deadline=300, schedule=None, guardrails=[],
            created_at="2025-07-21T14:40:00Z"),
        config(
            3, "invoice_reconciler", "active", "2026-02-26T16:05:00Z", budget=300, deadline=None,
            schedule="30 5 1 * *",
            guardrails=[{"rule": "approval_above_cents", "limit": 50000, "action": "wait"}],
            created_at="2025-05-14T09:25:00Z"),
    ]


def config(index, kind, byok_status, probed_at, budget, deadline, schedule, guardrails, created_at):
    return {
        "id": f"00000000-0000-4000-8000-00000000c0{index:02x}",
        "agent_kind": kind,
        "byok_status": byok_status,
        "byok_status_reason": None,
        "byok_last_probed_at": probed_at,
        "budget_default_cents": budget,
        "deadline_default_seconds": deadline,
        "guardrails": guardrails,
        "schedule": schedule,
        "consecutive_failures": 0,
        "created_at": created_at,
        "updated_at": probed_at or created_at,
    }
