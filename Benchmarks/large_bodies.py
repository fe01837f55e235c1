"""What a tenant can send and ask for that is large (activities.py)."""

import socket
import time

from paced import encode
from scenarios import BACKFILLS
from tenant import HOSTILE, MIB, get


def large_seed(size):
    head, tail = b'{"understudy":1,"base":"blank","entities":[', b"]}"
    row = '{"id":"neighbour-%07d","type":"ticket","fields":{"title":"The printer of room %d is silent","status":"New"}}'
    count = (size - 100) // (len(row % (0, 1000)) + 1)
    return head + ",".join(row % (number, number % 1000) for number in range(count)).encode() + tail


def brackets(size):
    return b'{"x":[' + b",".join([b"[]"] * (size // 3 - 4)) + b"]}"


def imports(make, size, connections):
    def prepare(tenant):
        document = make(size)
        return [lambda tenant: tenant.ask("PUT", "/_understudy/sandbox/import", document)] * connections

    return prepare


def fill(tenant, size):
    tenant.first_taken("PUT", "/_understudy/sandbox/import", (large_seed(size >> half) for half in range(6)))


def exports(tenant):
    fill(tenant, 40 * MIB)
    return [get("/_understudy/sandbox/export")] * 4


def unread(path):
    def step(tenant):
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", tenant.port))
            connection.sendall(encode("GET", path, HOSTILE))
            time.sleep(2)

    return step


def unread_exports(tenant):
    fill(tenant, 40 * MIB)
    return [unread("/_understudy/sandbox/export")] * 20


def large_pages(tenant):
    """A page of the emulated API of 50 MB, read and not read."""
    row = {
        "state": "CANCELLED", "target_workflow_id": 123, "entity_type": "ticket", "max_in_flight": 1,
        "filter_spec": {"note": "x" * 250_000},
        "created_at": "2026-03-01T09:00:00Z", "completed_at": "2026-03-01T09:01:00Z",
    }

    def document(count):
        rows = [{"id": f"00000000-0000-4000-8000-{number:012}", **row} for number in range(count)]
        return {"understudy": 1, "base": "blank", "backfills": rows}

    tenant.first_taken("PUT", "/_understudy/sandbox/import", (document(count) for count in (200, 100, 50, 25)))
    path = f"{BACKFILLS}?page_size=200"
    return [get(path)] * 2 + [unread(path)] * 10
