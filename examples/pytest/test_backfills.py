import pytest
import requests
from client import BackfillRefused, failed_share, start_backfill

ALL = {}


def state(sandbox, backfill_id):
    return sandbox.neo("GET", f"backfills/{backfill_id}").json()["data"]["state"]


def test_a_backfill_runs_to_its_end(sandbox):
    backfill_id = start_backfill(sandbox.neo, 123, ALL)
    assert state(sandbox, backfill_id) == "DRAFT"
    sandbox.advance(seconds=30)
    assert state(sandbox, backfill_id) == "RUNNING"
    assert sandbox.advance(until="idle")["reason"] == "idle"
    assert state(sandbox, backfill_id) == "COMPLETED"


def test_a_second_one_of_the_same_workflow_is_refused(sandbox):
    start_backfill(sandbox.neo, 123, ALL)
    with pytest.raises(BackfillRefused, match="backfill_already_active"):
        start_backfill(sandbox.neo, 123, ALL)


def test_what_failed_can_be_rerun(sandbox):
    sandbox.control("PUT", "scenarios/two-fail", {"when": {"times": 1}, "then": {"entities": 8, "fail": 2}})
    backfill_id = start_backfill(sandbox.neo, 123, ALL)
    sandbox.advance(until="idle")
    assert failed_share(sandbox.neo, backfill_id) == 0.25

    rerun = sandbox.neo("POST", f"backfills/{backfill_id}/rerun-failed")
    assert rerun.status_code == 201
    sandbox.advance(until="idle")
    assert failed_share(sandbox.neo, rerun.json()["data"]["backfill"]["id"]) == 0


def test_a_pause_holds_it_for_a_weekend(sandbox):
    backfill_id = start_backfill(sandbox.neo, 123, ALL, in_flight=1)
    sandbox.advance(seconds=60)
    assert sandbox.neo("POST", f"backfills/{backfill_id}/pause").status_code == 202
    sandbox.advance(seconds=3 * 24 * 3600)
    assert state(sandbox, backfill_id) == "PAUSED"
    sandbox.neo("POST", f"backfills/{backfill_id}/resume")
    sandbox.advance(until="idle")
    assert state(sandbox, backfill_id) == "COMPLETED"


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_asked_again(sandbox, status):
    sandbox.control("PUT", "faults/busy", {"match": {"method": "POST", "times": 2}, "response": {"status": status}})
    waited = []
    start_backfill(sandbox.neo, 123, ALL, pause=waited.append)
    assert len(waited) == 2
    assert sandbox.control("GET", "requests/count?method=POST&path=/public-api/backfills")["count"] == 3


def test_a_slow_answer_times_out(sandbox):
    sandbox.control("PUT", "faults/slow", {"match": {"api": "neo"}, "response": {"fixedDelayMilliseconds": 60_000}})
    with pytest.raises(requests.Timeout):
        sandbox.neo("GET", "agents", timeout=0.2)


def test_a_cut_connection_is_an_error(sandbox):
    sandbox.control("PUT", "faults/cut", {"match": {}, "response": {"fault": "CONNECTION_RESET_BY_PEER"}})
    with pytest.raises(requests.ConnectionError):
        sandbox.neo("GET", "agents")


def test_a_snapshot_brings_a_moment_back(sandbox):
    backfill_id = start_backfill(sandbox.neo, 123, ALL)
    sandbox.advance(seconds=60)
    sandbox.control("PUT", "snapshots/running", {})
    for _ in range(3):
        sandbox.neo("POST", f"backfills/{backfill_id}/cancel")
        sandbox.advance(until="idle")
        assert state(sandbox, backfill_id) == "CANCELLED"
        sandbox.control("POST", "snapshots/running/restore", {})
        assert state(sandbox, backfill_id) == "RUNNING"
