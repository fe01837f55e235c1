"""The demo's backfills, one in every state at a known id, and the executions that they made.

Each is written down as it was asked for, with what was done to it later, and then lived through tick by tick. So the
counts, the executions and the instants agree with each other and with what the emulator goes on to do.
"""

import dataclasses
import datetime

from durations import DAY, HOUR, MINUTE, iso

TICK = 30
USUAL_SECONDS = 20

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
WHOLE_WEEK = WEEKDAYS + ["saturday", "sunday"]

# Whatever the weekday of the clock's start, history must lie inside the windows: only a backfill that has not begun
# may have ones that are ever closed.
AROUND_THE_CLOCK = {day: [{"run_start_time": "00:00:00", "run_end_time": "00:00:00"}] for day in WHOLE_WEEK}
WEEKNIGHTS = {day: [{"run_start_time": "22:00:00", "run_end_time": "06:00:00"}] for day in WEEKDAYS}
TWO_SHIFTS = {
    day: [
        {"run_start_time": "06:00:00", "run_end_time": "18:00:00"},
        {"run_start_time": "18:00:00", "run_end_time": "06:00:00"},
    ]
    for day in WHOLE_WEEK
}

MESSAGES = {
    123: ("Triaged {it}: category and priority set.", "Could not triage {it}."),
    140: ("Diagnosed {it}: cause and next checks are in a note.", "Could not diagnose {it}."),
    157: ("Reminded the contact of {it}.", "Could not send a reminder for {it}."),
    163: ("Reset the password asked for in {it}.", "Could not reset the password asked for in {it}."),
    171: ("Tidied {it}.", "Could not tidy {it}."),
    219: ("Linked {it} to its asset.", "Could not link {it} to an asset."),
    236: ("Reviewed {it}: billable as entered.", "Could not review {it}."),
    251: ("Moved {it} to the board that its rules name.", "Could not move {it}."),
}
REASON_ALWAYS = "No asset has the serial number in the ticket."
REASON_ONCE = "The ticket was locked by another editor."


@dataclasses.dataclass
class Plan:
    """A backfill as it was created, and what happened to it; instants are seconds from the clock's start."""

    id: str
    agent: int
    created: int
    created_by: str
    filter: dict
    max_in_flight: int
    windows: dict = dataclasses.field(default_factory=dict)
    timezone: str = "UTC"
    estimate_given: bool = True
    entity_seconds: int | None = None
    signals: list = dataclasses.field(default_factory=list)
    run_error_after: int | None = None
    run_error: str | None = None


def plans():
    """Oldest first. None that is active, nor the one to rerun, is on 123."""
    return [
        Plan(  # COMPLETED long ago, without failures
            "ba08", 123, -110 * DAY - 3 * HOUR, "neo-admin",
            all_of(rule("board", "=", "Service Desk"), rule("created_at", "<", "2025-10-20T00:00:00Z")),
            max_in_flight=5),
        Plan(  # FAILED
            "ba07", 236, -20 * DAY - 2 * HOUR, "neo-user",
            all_of(rule("billable", "=", True), rule("created_at", "<", "2026-02-09T00:00:00Z")),
            max_in_flight=2, windows=AROUND_THE_CLOCK, timezone="Europe/Berlin",
            run_error_after=14, run_error="The billing connection was refused three times in a row."),
        Plan(  # CANCELLED
            "ba06", 251, -12 * DAY - 5 * HOUR, "neo-admin",
            {"conditions": all_of(
                rule("status", "notIn", ["Resolved", "Closed"]), rule("created_at", "<", "2026-02-17T00:00:00Z"))},
            max_in_flight=3, estimate_given=False, signals=[("cancel", -12 * DAY - 5 * HOUR + 4 * MINUTE + 47)]),
        Plan(  # COMPLETED without failures
            "ba05", 157, -6 * DAY - 8 * HOUR, "neo-user",
            {"ticket_conditions": {"conditions": all_of(
                rule("status", "=", "Waiting on Customer"), rule("created_at", "<", "2026-02-20T00:00:00Z"))}},
            max_in_flight=4, windows=TWO_SHIFTS, timezone="America/New_York"),
        Plan(  # COMPLETED with four failures, ready to rerun
            "ba04", 219, -2 * DAY - 3 * HOUR - 30 * MINUTE, "neo-admin",
            {"conditions": all_of(
                rule("board", "=", "Workstations"), rule("created_at", "<", "2026-02-28T00:00:00Z"))},
            max_in_flight=3),
        Plan(  # PAUSED, nothing left in flight
            "ba03", 171, -DAY - 4 * HOUR, "neo-user",
            all_of(rule("status", "in", ["Draft", "Submitted"]), rule("created_at", "<", "2026-03-01T00:00:00Z")),
            max_in_flight=2, windows=AROUND_THE_CLOCK, timezone="Asia/Tokyo",
            signals=[("pause", -DAY - 4 * HOUR + 3 * MINUTE + 12)]),
        Plan(  # RUNNING, one at a time and a quarter of an hour each: it outlasts two days
            "ba02", 140, -2 * HOUR, "neo-admin",
            all_of(rule("board", "!=", "Internal"), rule("created_at", "<", "2026-03-02T00:00:00Z")),
            max_in_flight=1, entity_seconds=15 * MINUTE),
        Plan(  # DRAFT until its first tick
            "ba01", 204, 0, "neo-user",
            all_of(
                rule("priority", "in", ["Critical", "High"]), rule("status", "in", ["New", "In Progress"])),
            max_in_flight=5, windows=WEEKNIGHTS, timezone="America/New_York"),
    ]


def all_of(*rules):
    return {"combinator": "and", "rules": list(rules)}


def rule(field, operator, value):
    return {"field": field, "operator": operator, "value": value}


def history(blank, clock_start):
    """The backfills and the executions, each oldest first."""
    agents = {int(agent["id"]): agent for agent in blank["agents"]}
    backfills = []
    executions = earlier_executions(blank)
    assert len({plan.agent for plan in plans()}) == len(plans()), "no entity may have been done by the workflow before"
    for plan in plans():
        agent = agents[plan.agent]
        life = Life(plan, frozen_set(plan, agent, blank, clock_start))
        life.live()
        backfills.append(row(plan, agent, life))
        executions += life.executions
    executions.sort(key=lambda execution: execution["created_at"])
    return backfills, [written(index, execution) for index, execution in enumerate(executions, start=1)]


def frozen_set(plan, agent, blank, clock_start):
    """The entities that the filter matches, which were all there when the backfill was created."""
    kind = agent["entity_type"].lower()
    chosen = [entity for entity in blank["entities"] if entity["type"] == kind and matches(plan.filter, entity)]
    start = datetime.datetime.strptime(clock_start, "%Y-%m-%dT%H:%M:%SZ")
    created = (start + datetime.timedelta(seconds=plan.created)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert all(entity["fields"]["created_at"] < created for entity in chosen), plan.id
    return chosen


def matches(spec, entity):
    """The few operators that the plans above use; timestamps are all written alike and compare as text."""
    spec = spec.get("ticket_conditions", spec)
    spec = spec.get("conditions", spec)

    def holds(rule):
        found, wanted = entity["fields"][rule["field"]], rule["value"]
        match rule["operator"]:
            case "=": return found == wanted
            case "!=": return found != wanted
            case "<": return found < wanted
            case "in": return found in wanted
            case "notIn": return found not in wanted

    return all(holds(rule) for rule in spec["rules"])


class Life:
    """A backfill's life from its creation to the clock's start, tick by tick."""

    def __init__(self, plan, entities):
        self.plan = plan
        self.entities = entities
        self.state = "DRAFT"
        self.next_entity = 0
        self.succeeded = 0
        self.failed = 0
        self.started = None
        self.completed = None
        self.ticked = None
        self.error = None
        self.signals = list(plan.signals)
        self.executions = []
        self.in_flight = []

    def live(self):
        now = self.plan.created + TICK
        while now <= 0 and self.completed is None:
            self.tick(now)
            now += TICK
        # Were there any, they would have to be counted after the last tick that the seed speaks of.
        assert self.completed is None or not self.in_flight, self.plan.id

    def tick(self, now):
        self.ticked = now
        self.settle(now)
        self.take_signals(now)
        if self.state == "DRAFT":
            self.state, self.started = "RUNNING", now
        if self.state == "RUNNING" and self.plan.run_error_after is not None:
            if self.succeeded + self.failed >= self.plan.run_error_after:
                self.error = self.plan.run_error
                self.end("FAILED", now)
        if self.state == "RUNNING":
            self.dispatch(now)
        if self.state == "RUNNING" and not self.in_flight and self.next_entity == len(self.entities):
            self.end("COMPLETED", now)

    def settle(self, now):
        for execution in [execution for execution in self.in_flight if execution["ends_at"] <= now]:
            self.in_flight.remove(execution)
            if execution["outcome"] == "SUCCESS":
                self.succeeded += 1
            else:
                self.failed += 1

    def take_signals(self, now):
        """Those sent before the tick; one sent at its very instant waits for the next."""
        while self.signals and self.signals[0][1] < now:
            signal, _ = self.signals.pop(0)
            if signal == "cancel":
                self.end("CANCELLED", now)
            else:
                self.state = {"pause": "PAUSED", "resume": "RUNNING"}[signal]

    def dispatch(self, now):
        while len(self.in_flight) < self.plan.max_in_flight and self.next_entity < len(self.entities):
            entity = self.entities[self.next_entity]
            seconds = self.plan.entity_seconds or entity.get("seconds", USUAL_SECONDS)
            made = execution(self.plan.agent, entity, now, seconds, self.plan.id, self.next_entity)
            self.executions.append(made)
            self.in_flight.append(made)
            self.next_entity += 1

    def end(self, state, now):
        self.state, self.completed = state, now


def execution(agent, entity, created, seconds, backfill, position):
    """One execution, its instants still in seconds and its own id still to come."""
    fails = bool(entity.get("fails"))
    done, not_done = MESSAGES[agent]
    it = entity["number"] or f"time entry {entity['id']}"
    return {
        "agent_id": agent,
        "entity_id": entity["id"],
        "entity_number": entity["number"],
        "backfill_id": backfill and known_id(backfill),
        "position": position,
        "created_at": created,
        "ends_at": created + seconds,
        "outcome": "FAILED" if fails else "SUCCESS",
        "message_for_dashboard": (not_done if fails else done).format(it=it),
        "error": (REASON_ALWAYS if entity["fails"] is True else REASON_ONCE) if fails else None,
    }


def earlier_executions(blank):
    """What the agent that is now disabled did while a ticket could still trigger it: no backfill's work."""
    tickets = [entity for entity in blank["entities"] if entity["type"] == "ticket" and "fails" not in entity]
    return [
        execution(163, tickets[place], -85 * DAY + place * HOUR + place * 7, USUAL_SECONDS, None, None)
        for place in range(20, 32, 2)
    ]


def written(index, execution):
    """The execution as the seed has it."""
    times = {"created_at": iso(execution["created_at"]), "ends_at": iso(execution["ends_at"])}
    return {"id": f"00000000-0000-4000-8000-0000000e{index:04x}"} | execution | times


def row(plan, agent, life):
    return {
        "id": known_id(plan.id),
        "state": life.state,
        "target_workflow_id": plan.agent,
        "target_workflow_name": agent["name"],
        "target_workflow_autonomy_type": agent["autonomy_type"],
        "entity_type": agent["entity_type"].lower(),
        "filter_spec": plan.filter,
        "daily_execution_windows": plan.windows,
        "timezone": plan.timezone,
        "max_in_flight": plan.max_in_flight,
        "total_estimated": len(life.entities) if plan.estimate_given else None,
        "processed_count": life.succeeded + life.failed,
        "succeeded_count": life.succeeded,
        "failed_count": life.failed,
        "started_at": iso(life.started),
        "completed_at": iso(life.completed),
        "created_by": plan.created_by,
        "created_at": iso(plan.created),
        "error": life.error,
        "parent_backfill_run_id": None,
        "entities": [entity["id"] for entity in life.entities],
        "next_entity": life.next_entity,
        "ticked_at": iso(life.ticked),
        "signals": [{"signal": signal, "sent_at": iso(sent)} for signal, sent in life.signals],
        "entity_seconds": plan.entity_seconds,
    }


def known_id(tail):
    """The id whose last digits a test can remember."""
    return "00000000-0000-4000-8000-" + tail.rjust(12, "0")
