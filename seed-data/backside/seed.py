"""Backside's part of the built-in seeds: credentials, scripts and configs, and the history of runs."""

from backside import agent_scripts, run_history
from credentials import LONG_AGO, credential

SECRET_LENGTH = 43


def blank():
    return {
        "rate_limit_plan": "scale",
        "credentials": [
            key("live", "Everything", "backside-everything", None),
            key("test", "ReadOnly", "backside-read-only", ["agents:read"]),
            key("test", "WriteOnly", "backside-write-only", ["agents:write"]),
            key("test", "NoAgents", "backside-contacts-only", ["contacts:read"]),
            key("test", "Expired", "backside-expired", None, expires_at=LONG_AGO),
            key("test", "Revoked", "backside-revoked", None, revoked=True),
        ],
        "agent_scripts": agent_scripts.scripts(),
        "agent_configs": agent_configs(),
    }


def demo():
    return {"runs": run_history.runs(agent_scripts.scripts())}


def key(environment, word, label, scopes, expires_at=None, revoked=False):
    """The secret is the word, filled up to the exact length that such a key has."""
    secret = (word + "Understudy0123456789abcdefghijklmnopqrstuvwxyz")[:SECRET_LENGTH]
    return credential(f"bsk_{environment}_{secret}", label, "Admin", scopes, expires_at, revoked)


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
