"""What a hostile tenant does in its own sandbox while others are measured (neighbours.py)."""

from dataclasses import dataclass
from typing import Callable

import costly_requests
import large_bodies
import long_work
from tenant import MIB

BUSY_SECONDS = 5


@dataclass(frozen=True)
class Activity:
    name: str
    prepare: Callable  # of a Tenant; gives a list of steps, each of which is repeated on a connection of its own
    data: bool = False  # with --data
    seconds: int = BUSY_SECONDS


ACTIVITIES = [
    Activity("advance 100,000", long_work.advance(100_000)),
    Activity("advance 1,000,000", long_work.advance(1_000_000), seconds=12),
    Activity("much is due", long_work.much_due),
    Activity("correction", long_work.correction),
    Activity("long runs", long_work.long_runs),
    Activity("import 63 MiB", large_bodies.imports(large_bodies.large_seed, 63 * MIB, 3)),
    Activity("import brackets", large_bodies.imports(large_bodies.brackets, 57 * MIB, 3)),
    Activity("export", large_bodies.exports),
    Activity("export, unread", large_bodies.unread_exports),
    Activity("large pages", large_bodies.large_pages),
    Activity("filter at bound", costly_requests.verify_at_bound),
    Activity("filter, 17,000", costly_requests.verify_far_too_much),
    Activity("conformance", costly_requests.conformance),
    Activity("archive", costly_requests.archives),
    Activity("hostile counts", costly_requests.hostile_counts),
    Activity("1,000 faults", costly_requests.many_faults),
    Activity("400 waits", costly_requests.many_waits),
    Activity("large scenarios", costly_requests.large_scenarios),
    Activity("new keys", costly_requests.newcomers),
    Activity("new keys, --data", costly_requests.newcomers, data=True),
]
