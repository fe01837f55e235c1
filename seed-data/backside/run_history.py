"""The demo's runs, one in every status at a known id, and some more that have ended.

Their steps are those of the kinds' scripts, one right after the other. A run is claimed one second after it is due.
"""

from durations import DAY, HOUR, MINUTE, iso

CLAIM = 1
DEADLINE = 900
BUDGETS = {"contact_deduper": 500, "invoice_reconciler": 300}


def runs(scripts):
    """Oldest first. Failures in a row have ended with a success for both kinds, as their configs say."""
    deduper, reconciler = scripts["contact_deduper"], scripts["invoice_reconciler"]
    return [
        deadline_exceeded("a90a", deduper, -20 * DAY - 6 * HOUR),
        denied("a909", reconciler, -13 * DAY - 2 * HOUR, after=25 * MINUTE),
        approved("a908", reconciler, -11 * DAY - 7 * HOUR, after=8 * MINUTE + 20),
        succeeded("a907", deduper, -6 * DAY - 3 * HOUR, "Example Eyewear"),
        cancelled("a906", deduper, -2 * DAY - HOUR),
        budget_exceeded("a905", deduper, -20 * HOUR, budget=10),
        succeeded("a904", deduper, -5 * HOUR - 12 * MINUTE, "Nowhere Logistics"),
        waiting("a903", reconciler, -40 * MINUTE),
        running("a902", deduper, -12),
        queued("a901", -4, run_at=2 * DAY),
    ]


def queued(tail, created, run_at):
    """Due only in two days, so that it stays queued."""
    return run(tail, "contact_deduper", "queued", created, [], company_input("Fictional Freight"), run_at=run_at)


def running(tail, script, created):
    """Created so shortly before the clock's start that its first step has ended and its second is open then."""
    claim = created + CLAIM
    steps = played(script, claim, until=0)
    assert len(steps) == 2 and steps[-1]["completed_at"] is None
    return run(
        tail, "contact_deduper", "running", created, steps, company_input("Make-Believe Bakery"),
        deadline=claim + DEADLINE)


def waiting(tail, script, created):
    """The guardrail has stopped it after the script's step; it has no deadline."""
    steps = played(script, created + CLAIM, count=script["wait_after"])
    return run(tail, "invoice_reconciler", "waiting", created, steps, {"month": "2026-02"})


def succeeded(tail, script, created, company):
    claim = created + CLAIM
    steps = played(script, claim)
    return run(
        tail, "contact_deduper", "succeeded", created, steps, company_input(company),
        output=script["outcome"]["output"], deadline=claim + DEADLINE)


def approved(tail, script, created, after):
    """It waited, was approved so many seconds later, and went on."""
    count = script["wait_after"]
    steps = played(script, created + CLAIM, count=count)
    steps += played(script, steps[-1]["completed_at"] + after, first=count)
    return run(
        tail, "invoice_reconciler", "succeeded", created, steps, {"month": "2026-01"},
        output=script["outcome"]["output"])


def denied(tail, script, created, after):
    steps = played(script, created + CLAIM, count=script["wait_after"])
    return run(
        tail, "invoice_reconciler", "failed", created, steps, {"month": "2026-01"},
        failure=("guardrail_denied", "The corrections were not approved."), failures=1,
        updated=steps[-1]["completed_at"] + after)


def budget_exceeded(tail, script, created, budget):
    """It failed where the next step would have passed its budget."""
    claim = created + CLAIM
    count, cost = 0, 0
    while cost + script["steps"][count]["cost_usd_cents"] <= budget:
        cost += script["steps"][count]["cost_usd_cents"]
        count += 1
    would_be = cost + script["steps"][count]["cost_usd_cents"]
    detail = f"Step {count + 1} would bring the cost to {would_be} cents, past the budget of {budget}."
    return run(
        tail, "contact_deduper", "failed", created, played(script, claim, count=count),
        company_input("Placeholder Dental"), budget=budget, deadline=claim + DEADLINE,
        failure=("budget_exceeded", detail), failures=1)


def deadline_exceeded(tail, script, created):
    """Its deadline passed during the third step, which stays open."""
    deadline = created + CLAIM + 20
    steps = played(script, created + CLAIM, until=deadline)
    assert steps[-1]["completed_at"] is None
    return run(
        tail, "contact_deduper", "failed", created, steps, company_input("Imaginary Orchards"), deadline=deadline,
        failure=("deadline_exceeded", "The deadline passed during step 3."), failures=1, updated=deadline)


def cancelled(tail, script, created):
    """Cancelled during the second step, which stays open."""
    claim = created + CLAIM
    steps = played(script, claim, until=claim + 10)
    assert steps[-1]["completed_at"] is None
    return run(
        tail, "contact_deduper", "cancelled", created, steps, company_input("Pretend Pottery"),
        deadline=claim + DEADLINE, updated=claim + 10)


def company_input(company):
    return {"company": company, "threshold": 0.85}


def played(script, start, first=0, count=None, until=None):
    """The script's steps from `first` up to `count`, or as far as they were at an instant; times are in seconds."""
    steps = []
    for seq, planned in enumerate(script["steps"][first:count], start=first + 1):
        if until is not None and start >= until:
            break
        end = start + planned["seconds"]
        is_open = until is not None and end > until
        steps.append(step(seq, planned, start, None if is_open else end))
        start = end
    return steps


def step(seq, planned, started, completed):
    """An open step has neither output nor tokens nor cost yet."""
    shown_at_the_end = (
        "output", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cost_usd_cents",
    )
    result = {name: None if completed is None else planned[name] for name in shown_at_the_end}
    return {
        "seq": seq,
        "kind": planned["kind"],
        "name": planned["name"],
        "model": planned["model"],
        "input": planned["input"],
        **result,
        "started_at": started,
        "completed_at": completed,
    }


def run(
    tail, kind, status, created, steps, given, *, run_at=None, budget=None, deadline=None, output=None,
    failure=(None, None), failures=0, updated=None,
):
    """A run; it was changed last when told so, or else when its last step began or ended."""
    if updated is None:
        changes = [step["completed_at"] or step["started_at"] for step in steps]
        updated = changes[-1] if changes else created
    return {
        "id": "00000000-0000-4000-8000-" + tail.rjust(12, "0"),
        "agent_kind": kind,
        "status": status,
        "input": given,
        "output": output,
        "consecutive_failures": failures,
        "cost_usd_cents": sum(step["cost_usd_cents"] or 0 for step in steps),
        "platform_fee_cents": 0,
        "budget_usd_cents": BUDGETS[kind] if budget is None else budget,
        "deadline_at": iso(deadline),
        "failure_category": failure[0],
        "failure_detail": failure[1],
        "run_at": iso(created if run_at is None else run_at),
        "created_at": iso(created),
        "updated_at": iso(updated),
        "steps": [
            step | {"started_at": iso(step["started_at"]), "completed_at": iso(step["completed_at"])} for step in steps
        ],
    }
