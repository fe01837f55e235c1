"""What a killed server keeps. `make torture` does the same for hundreds of kills."""

import json
import os
import resource
import sqlite3

from torture import BACKFILL, Torture

KEY = "neo_sk_test_durability"
CREATE = ("POST", "/public-api/backfills", KEY, {**BACKFILL, "max_in_flight": 5})
EXPORT = ("GET", "/_understudy/sandbox/export", KEY)


def test_nothing_acknowledged_is_lost_by_kills_under_load(tmp_path):
    torture = Torture(seed=7, folder=tmp_path)
    print(torture.run(rounds=20, seconds=20))
    assert torture.rounds >= 5


def limit_files(server, size):
    """No file may grow past that size from now on: what a full disk does, without having to fill one."""
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_what_cannot_be_stored_is_refused_and_changes_nothing(serve, tmp_path):
    server = serve("--data", str(tmp_path / "data"), "--clock", "manual")
    assert server.request(*CREATE).status == 201
    assert server.request("PUT", "/_understudy/snapshots/one", KEY).status == 201
    before = server.request(*EXPORT).text
    snapshots = server.request("GET", "/_understudy/snapshots", KEY).text
    files = sorted(name for name in os.listdir(tmp_path / "data"))
    limit_files(server, 4096)
    writes = [
        ("POST", "/public-api/backfills", KEY, {**CREATE[3], "target_workflow_id": 140}),
        ("POST", "/_understudy/clock/advance", KEY, {"until": "idle"}),
        ("PATCH", "/_understudy/clock", KEY, {"speed": 2}),
        ("PUT", "/_understudy/scenarios/s", KEY, {"when": {}, "then": {"entities": 3}}),
        ("PUT", "/_understudy/faults/f", KEY, {"match": {}, "response": {"status": 503}}),
        ("PUT", "/_understudy/snapshots/two", KEY),
        ("POST", "/_understudy/snapshots/one/restore", KEY),
        ("DELETE", "/_understudy/snapshots/one", KEY),
        ("POST", "/_understudy/sandbox/reset", KEY),
        ("PUT", "/_understudy/sandbox/import", KEY, json.loads(before)),
        ("POST", "/_understudy/sandbox/credentials", KEY, {"token": "neo_sk_test_another"}),
        ("POST", "/_understudy/admin/sandboxes", None, {"name": "made"}),
        ("PATCH", "/_understudy/clock", "neo_sk_test_aFirstUse", {"speed": 2}),
    ]
    for write in writes:
        answer = server.request(*write)
        assert answer.status == 500, (write, answer.text)
        error = answer.json["error"] if "error" in answer.json else answer.json
        assert error["code"] in ("INTERNAL_ERROR", "internal_error"), answer.text
        assert "sqlite" not in answer.text.lower() and str(tmp_path) not in answer.text
        assert server.request(*EXPORT).text == before, write
        assert server.request("GET", "/_understudy/snapshots", KEY).text == snapshots, write
    assert server.request("GET", "/public-api/agents", KEY).status == 200
    assert sorted(name for name in os.listdir(tmp_path / "data")) == files
    assert server.errors().count("failed: ") == len(writes)
    limit_files(server, resource.RLIM_INFINITY)
    for write in writes:
        assert server.request(*write).status in (200, 201), write


def test_what_was_never_finished_is_cleared_away(serve, tmp_path):
    data = tmp_path / "data"
    server = serve("--data", str(data))
    assert server.request(*CREATE).status == 201
    assert server.request("POST", "/_understudy/admin/sandboxes", body={"name": "removed"}).status == 201
    assert server.stop() == 0
    kept = set(os.listdir(data)) - {"removed.sqlite"}
    # As a kill leaves it in the midst of removing one sandbox and of making another.
    register = sqlite3.connect(data / "understudy.sqlite")
    with register:
        register.execute("DELETE FROM sandbox WHERE name = 'removed'")
        register.execute("DELETE FROM credential WHERE sandbox = 'removed'")
        register.execute("INSERT INTO unfinished VALUES ('removed')")
    register.close()
    for name in ("made.sqlite.new", "made.sqlite.new-journal"):
        (data / name).write_bytes(b"half a database")
    server = serve("--data", str(data))
    assert server.request("GET", "/_understudy/sandbox", KEY).json["counts"]["backfills"] == 1
    assert server.stop() == 0
    assert set(os.listdir(data)) == kept
    register = sqlite3.connect(data / "understudy.sqlite")
    assert register.execute("SELECT * FROM unfinished").fetchall() == []
