RUNS = "agents/contact_deduper/runs"


def test_a_run_asks_for_approval_and_goes_on(sandbox):
    steps = [{"kind": "tool", "name": "find", "seconds": 3, "cost_usd_cents": 1}] * 2
    sandbox.control("PUT", "scenarios/ask", {"when": {}, "then": {"steps": steps, "wait_after": 1}})
    run = sandbox.backside("POST", RUNS, {"input": {"company": "Example Eyewear"}}).json()
    sandbox.advance(until="idle")
    assert sandbox.backside("GET", f"{RUNS}/{run['id']}").json()["status"] == "waiting"

    sandbox.control("POST", f"runs/{run['id']}/approve")
    sandbox.advance(until="idle")
    ended = sandbox.backside("GET", f"{RUNS}/{run['id']}").json()
    assert (ended["status"], ended["cost_usd_cents"]) == ("succeeded", 2)


def test_a_run_stops_before_it_costs_too_much(sandbox):
    run = sandbox.backside("POST", RUNS, {"budget_usd_cents": 5}).json()
    sandbox.advance(until="idle")
    ended = sandbox.backside("GET", f"{RUNS}/{run['id']}").json()
    assert ended["failure_category"] == "budget_exceeded"
    assert ended["cost_usd_cents"] <= 5


def test_both_apis_share_one_clock(sandbox):
    run = sandbox.backside("POST", RUNS, {}).json()
    sandbox.advance(seconds=1)
    assert sandbox.backside("GET", f"{RUNS}/{run['id']}").json()["status"] == "running"
    assert sandbox.neo("GET", "backfills").json()["data"] == []
