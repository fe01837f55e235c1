"""The code under test: what an integration with the Neo API might look like."""

import time


class BackfillRefused(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


def start_backfill(send, workflow_id, filter_spec, in_flight=10, attempts=3, pause=time.sleep):
    """Creates a backfill and gives its id; tries again while the service is busy, as long as it asks for."""
    body = {
        "target_workflow_id": workflow_id,
        "entity_type": "ticket",
        "filter_spec": filter_spec,
        "daily_execution_windows": {},
        "max_in_flight": in_flight,
    }
    for attempt in range(1, attempts + 1):
        answer = send("POST", "backfills", body)
        if answer.status_code == 201:
            return answer.json()["data"]["backfill"]["id"]
        if answer.status_code not in (429, 503) or attempt == attempts:
            raise BackfillRefused(answer.json()["error"]["code"])
        pause(int(answer.headers.get("Retry-After", "1")))


def failed_share(send, backfill_id):
    """How many of the processed tickets failed, from 0 to 1."""
    backfill = send("GET", f"backfills/{backfill_id}").json()["data"]
    return backfill["failed_count"] / max(backfill["processed_count"], 1)
