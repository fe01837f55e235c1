"""What Prometheus' own parser makes of the metrics."""

import os
import time

from prometheus_client.parser import text_string_to_metric_families

BACKFILL = {
    "target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {}, "daily_execution_windows": {},
    "max_in_flight": 5,
}


def scrape(server):
    answer = server.request("GET", "/_understudy/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = list(text_string_to_metric_families(answer.text))
    assert len({family.name for family in families}) == len(families)
    assert all(family.documentation and family.type != "unknown" for family in families)
    return {family.name: family for family in families}


def value(families, name, sample=None, **labels):
    found = [s.value for s in families[name].samples if s.name == (sample or name) and labels.items() <= s.labels.items()]
    assert len(found) == 1, (name, labels, found)
    return found[0]


def test_requests_are_counted_and_timed(server):
    for _ in range(3):
        assert server.request("GET", "/public-api/backfills/x", key="neo_sk_test_a").status == 404
    assert server.request("GET", "/public-api/agents").status == 401
    families = scrape(server)
    requests = {
        tuple(s.labels[name] for name in ("api", "route", "method", "status")): s.value
        for s in families["understudy_http_requests"].samples
    }
    assert requests[("neo", "/public-api/backfills/{backfill_id}", "GET", "404")] == 3
    assert requests[("neo", "/public-api/agents", "GET", "401")] == 1
    times = families["understudy_http_request_duration_seconds"]
    assert times.type == "histogram"
    for api in ("neo", "backside", "control-plane"):
        buckets = [s for s in times.samples if s.name.endswith("_bucket") and s.labels["api"] == api]
        bounds = [float(s.labels["le"]) for s in buckets]
        assert bounds == sorted(set(bounds)) and bounds[-1] == float("inf")
        counts = [s.value for s in buckets]
        assert counts == sorted(counts)
        assert counts[-1] == value(families, times.name, times.name + "_count", api=api)
    assert value(families, times.name, times.name + "_count", api="neo") == 4
    assert 0 < value(families, times.name, times.name + "_sum", api="neo") < 60


def test_sandboxes_and_what_is_active_in_them(serve):
    server = serve("--seed", "blank", "--clock", "manual")
    assert server.request("POST", "/public-api/backfills", key="neo_sk_test_a", body=BACKFILL).status == 201
    families = scrape(server)
    assert value(families, "understudy_sandboxes", state="open") == 2
    assert value(families, "understudy_sandboxes", state="closed") == 0
    assert value(families, "understudy_backfills_active") == 1
    for name in ("understudy_agent_runs_active", "understudy_journal_entries", "understudy_journal_bytes"):
        assert value(families, name) >= 0
    assert value(families, "understudy_build_info") == 1


def test_the_process_is_described(server):
    families = scrape(server)
    # What the kernel says of its clock is whole ticks, and seconds for the start of the machine.
    assert abs(value(families, "process_start_time_seconds") - time.time()) < 60
    with open(f"/proc/{server.pid}/statm") as figures:
        resident = int(figures.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    assert 0.5 < value(families, "process_resident_memory_bytes") / resident < 2
    descriptors = len(os.listdir(f"/proc/{server.pid}/fd"))
    assert abs(value(families, "process_open_fds") - descriptors) <= 3
    assert value(families, "process_max_fds") >= descriptors
    assert value(families, "process_cpu_seconds", "process_cpu_seconds_total") > 0


def test_strict_mode_shows_them_too(serve):
    server = serve("--mode", "strict")
    assert server.request("GET", "/_understudy/sandbox").status == 401
    assert value(scrape(server), "understudy_sandboxes", state="open") == 1


def test_without_the_control_plane_there_are_none(serve):
    server = serve("--no-control-plane")
    assert server.request("GET", "/_understudy/metrics").status == 404
    assert server.request("GET", "/_understudy/health").status == 200
