"""The Neo API's agents.

`123` has the lowest id and is the one that the documentation's own examples name once their placeholders are filled.
"""


def all_agents():
    return [
        agent(
            123, "Ticket Triage", "CHAINED_ACTIONS", "2025-02-10T09:00:00Z",
            actions=[
                action("classify", "classify_ticket", into=["category", "priority"], confidence=0.8),
                action("route", "set_board", by="category"),
                action("note", "add_internal_note", template="Triaged as {{category}}, {{priority}}."),
            ],
            integrations={"psa": {"connected": True, "provider": "example-psa"}},
            versions=[
                version(
                    "2025-02-10T09:00:00Z", name="Ticket Sorter", state="DISABLED", access="ADMINS_ONLY",
                    actions=[action("classify", "classify_ticket", into=["category"], confidence=0.6)]),
                version(
                    "2025-03-04T13:30:00Z", name="Ticket Triage (pilot)", access="SPECIFIC_USERS",
                    actions=[
                        action("classify", "classify_ticket", into=["category", "priority"], confidence=0.7),
                        action("route", "set_board", by="category"),
                    ]),
                version("2025-06-17T08:45:00Z"),
            ]),
        agent(
            140, "Deep Diagnosis", "AGENTIC", "2025-03-18T11:20:00Z", credits=3,
            settings=agentic("Find the likely cause and propose the next three checks.", turns=24),
            toolbox=tools("read_ticket", "search_tickets", "read_device_alerts", "add_internal_note"),
            integrations={
                "psa": {"connected": True, "provider": "example-psa"},
                "rmm": {"connected": True, "provider": "example-rmm"},
            },
            versions=[
                version(
                    "2025-03-18T11:20:00Z", name="Diagnosis",
                    agent_settings=agentic("Find the likely cause.", turns=8), toolbox=tools("read_ticket")),
                version("2025-08-05T15:10:00Z"),
            ]),
        agent(
            157, "Stale Ticket Sweep", "CHAINED_ACTIONS", "2025-04-01T07:00:00Z", trigger="SCHEDULED",
            actions=[
                action("remind", "send_reminder", to="contact", template="Is this still open for you?"),
                action("tag", "add_tag", tag="reminded"),
            ],
            settings={"schedule": {"cron": "0 7 * * 1-5", "timezone": "Europe/Berlin"}, "language": "en"},
            integrations={"psa": {"connected": True, "provider": "example-psa"}}),
        agent(
            163, "Password Reset Concierge", "CHAINED_ACTIONS", "2025-04-22T10:05:00Z", state="DISABLED",
            audience="END_USER",
            actions=[
                action("verify", "ask_contact", channel="email", question="Did you ask for a new password?"),
                action("reset", "reset_password", notify="contact"),
            ],
            integrations={"directory": {"connected": False, "provider": "example-directory"}},
            versions=[
                version("2025-04-22T10:05:00Z", name="Password Reset", state="ENABLED", audience="MSP"),
                version("2025-05-30T09:00:00Z", state="ENABLED"),
                version("2025-12-15T16:30:00Z"),
            ]),
        agent(
            171, "Time Entry Tidy", "CHAINED_ACTIONS", "2025-05-06T12:00:00Z", entity="TIME_ENTRY",
            actions=[
                action("rewrite", "rewrite_summary", tone="plain", max_words=40),
                action("check", "require_fields", fields=["work_type", "ticket_number"]),
            ],
            integrations={"psa": {"connected": True, "provider": "example-psa"}}),
        agent(
            188, "Helpdesk Chat", "CONVERSATIONAL", "2025-05-27T08:15:00Z", trigger="NONE", audience="END_USER",
            actions=[],
            settings={"greeting": "Hello! What can we do for you?", "handover_after_turns": 12, "language": "en"},
            toolbox=tools("read_ticket", "create_ticket", "search_articles"),
            versions=[
                version("2025-05-27T08:15:00Z", name="Chat Trial", state="DISABLED", audience="MSP"),
                version("2025-09-02T10:00:00Z"),
            ]),
        agent(
            204, "Root Cause Summary", "AGENTIC", "2025-06-30T09:40:00Z", credits=2,
            settings=agentic("Summarise what broke, why, and what was done.", turns=10),
            toolbox=tools("read_ticket", "read_notes", "add_internal_note"),
            integrations={"psa": {"connected": True, "provider": "example-psa"}}),
        agent(
            219, "Asset Linker", "CHAINED_ACTIONS", "2025-07-15T14:00:00Z",
            actions=[
                action("find", "find_asset", by=["serial_number", "contact"]),
                action("link", "link_asset", replace=False),
            ],
            integrations={
                "psa": {"connected": True, "provider": "example-psa"},
                "inventory": {"connected": True, "provider": "example-inventory"},
            },
            versions=[
                version(
                    "2025-07-15T14:00:00Z", trigger_type="NONE",
                    actions=[action("find", "find_asset", by=["serial_number"])]),
                version("2025-10-09T11:35:00Z"),
            ]),
        agent(
            236, "Billing Review", "AGENTIC", "2025-08-19T13:25:00Z", entity="TIME_ENTRY", access="SPECIFIC_USERS",
            settings=agentic("Decide whether the entry is billable under the company's contract.", turns=6),
            toolbox=tools("read_time_entry", "read_contract", "set_billable"),
            integrations={"billing": {"connected": True, "provider": "example-billing"}}),
        agent(
            251, "Board Router", "CHAINED_ACTIONS", "2025-09-24T16:50:00Z", access="ADMINS_ONLY",
            actions=[
                action("match", "match_rules", rules=["network", "security", "onboarding"]),
                action("move", "set_board", by="match"),
            ],
            versions=[
                version("2025-09-24T16:50:00Z", name="Board Router (draft)", state="DISABLED"),
                version("2025-11-03T09:15:00Z"),
            ]),
    ]


def agent(
    number, name, autonomy, created_at, *, state="ENABLED", entity="TICKET", trigger="TRIGGERED", access="ALL_USERS",
    audience="MSP", credits=None, actions=None, settings=None, toolbox=None, integrations=None, versions=None,
):
    """An agent; what it is now is its last version, and without versions it never changed."""
    row = {
        "id": str(number),
        "name": name,
        "state": state,
        "autonomy_type": autonomy,
        "entity_type": entity,
        "trigger_type": trigger,
        "access": access,
        "audience": audience,
        "created_at": created_at,
        "updated_at": versions[-1]["version_timestamp"] if versions else created_at,
    }
    if credits:
        row["credits_per_entity"] = credits
    row |= {
        "actions": actions,
        "agent_settings": settings or {"language": "en", "notify_on_failure": True},
        "toolbox": toolbox,
        "integrations": integrations,
    }
    if versions:
        row["versions"] = versions
    return row


def version(timestamp, **differences):
    """What differed from the agent of today; the last version has no differences."""
    return {"version_timestamp": timestamp} | differences


def action(name, kind, **parameters):
    return {"name": name, "type": kind, "parameters": parameters}


def agentic(goal, turns):
    return {"goal": goal, "model": "atlas-large-2", "max_turns": turns, "language": "en"}


def tools(*names):
    return {"tools": [{"name": name, "enabled": True} for name in names]}
