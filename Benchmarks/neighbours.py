"""What others wait while one tenant does all it can: quiet and busy, for each activity, on a server of its own."""

import json
import multiprocessing
import os
import signal
import threading
import time

import paced
import servers
from activities import ACTIVITIES
from load import Request
from scenarios import BACKFILLS, TICKET_WORKFLOWS, key, new_backfill, put_scenario, set_clock
from tenant import SHORT_PAUSE, Tenant

VICTIMS = 40  # sandboxes of those who read, and as many of those who create
QUIET_SECONDS, PREPARE_SECONDS, STOP_SECONDS = 2.5, 20, 5
MOST_MS, HEALTH_MS, LEAST_P99_MS = 250, 100, 5


class Neighbours:
    def __init__(self, understudy, bare, program, folder):
        self.understudy, self.bare, self.program, self.folder = understudy, bare, program, folder
        self.verdicts = []

    def run(self, only=None):
        print("what others wait, in ms: while it is quiet, then while one tenant is busy")
        titles = f"{'quiet p50':>9} {'p99':>6} {'max':>6} | {'busy p50':>8} {'p99':>8} {'max':>8}"
        print(f"{'':18} {'':7} {titles} | verdict")
        self.run_floor()
        for activity in ACTIVITIES:
            if not only or only in activity.name:
                self.run_activity(activity)
        missed = self.verdicts.count(False)
        print(f"{missed} of {len(self.verdicts)} missed" if missed else f"all {len(self.verdicts)} are met", flush=True)

    # What the measuring itself costs

    def run_floor(self):
        answer = (200, [("Content-Type", "application/json")], b'{"status":"ok"}')
        request = [Request("GET", "/", key("floor"))]
        kinds = [paced.Kind("get", 4, 200, request), paced.Kind("fresh", 0, 20, request)]
        with servers.bare(self.bare, [("GET", "", answer)], self.folder) as server:
            quiet = self.measure(server, QUIET_SECONDS, kinds)
            busy = multiprocessing.Process(target=spin, daemon=True)
            busy.start()
            beside = self.measure(server, QUIET_SECONDS, kinds)
            busy.kill()
        for kind in quiet:
            late = f"none: the floor; the client itself is {beside[kind].late:.2f} late"
            self.print_row("bare, busy program", kind, quiet[kind], beside[kind], late)

    # Activities

    def run_activity(self, activity):
        options = ["--rate-limit", "count", "--log-level", "error", *servers.limits(self.understudy)]
        if activity.data:
            options += ["--data", os.path.join(self.folder, "neighbours")]
        with servers.understudy(self.understudy, *options) as server:
            kinds = victims(server)
            hostile = Hostile(activity, server.port)
            if hostile.is_ready():
                quiet = self.measure(server, QUIET_SECONDS, kinds)
                hostile.go()
                busy = self.measure(server, activity.seconds, kinds)
                for kind in quiet:
                    self.judge(activity.name, kind, quiet[kind], busy[kind])
                self.judge_stop(activity.name, hostile, server)
            else:
                self.verdicts.append(False)
                print(f"{activity.name:18} was not ready after {PREPARE_SECONDS} s: MISSED", flush=True)
            hostile.end()
            server.kill()

    def measure(self, server, seconds, kinds):
        return paced.measure(self.program, server.port, seconds, kinds, self.folder)

    def judge(self, name, kind, quiet, busy):
        p99 = max(3 * quiet.p99, LEAST_P99_MS)
        if kind == "health":
            good, target = busy.most <= HEALTH_MS, f"max <= {HEALTH_MS}"
        elif kind == "metrics":
            good, target = busy.most <= MOST_MS, f"max <= {MOST_MS}"
        else:
            good, target = busy.p99 <= p99 and busy.most <= MOST_MS, f"p99 <= {p99:.0f}, max <= {MOST_MS}"
        good = good and not busy.failed and not busy.unanswered
        self.verdicts.append(good)
        more = f", {busy.failed} failed" if busy.failed else ""
        more += f", {busy.unanswered} unanswered" if busy.unanswered else ""
        self.print_row(name, kind, quiet, busy, f"{target}: {'ok' if good else 'MISSED'}{more}")

    def judge_stop(self, name, hostile, server):
        """The stop comes while the tenant is still at it."""
        seconds = server.stop(STOP_SECONDS + 1)
        good = seconds <= STOP_SECONDS
        self.verdicts.append(good)
        took = f"{seconds:.1f} s" if seconds <= STOP_SECONDS + 1 else f"over {STOP_SECONDS + 1} s"
        print(f"{name:18} stop    {took}, <= {STOP_SECONDS} s: {'ok' if good else 'MISSED'};"
              f" the tenant's answers: {hostile.tell()}", flush=True)

    @staticmethod
    def print_row(name, kind, quiet, busy, verdict):
        print(f"{name[:18]:18} {kind:7} {quiet.p50:9.2f} {quiet.p99:6.2f} {quiet.most:6.1f} |"
              f" {busy.p50:8.2f} {busy.p99:8.2f} {busy.most:8.1f} | {verdict}", flush=True)


def spin():
    while True:
        pass


def victims(server):
    """Well-behaved tenants, each with few requests a second: those who read, those who create, and a health check."""
    gets, creates = [], []
    for number in range(VICTIMS):
        who = key(f"reader{number}")
        backfill = json.loads(server.expect("POST", BACKFILLS, who, new_backfill(123)))["data"]["backfill"]["id"]
        gets.append(Request("GET", f"{BACKFILLS}/{backfill}", who))
        # Each backfill ends before the workflow's next create, as in the scenario `create`.
        who = key(f"creator{number}")
        put_scenario(server, who, run_error={"after": 0, "message": "It is over."})
        set_clock(server, who, mode="real", speed=1_000_000)
        creates += [Request("POST", BACKFILLS, who, new_backfill(workflow)) for workflow in TICKET_WORKFLOWS]
    # The creates of one sandbox are far apart.
    creates = [create for first in range(4) for create in creates[first::4]]
    return [
        paced.Kind("get", 4, 200, gets), paced.Kind("create", 4, 100, creates),
        paced.Kind("health", 0, 20, [Request("GET", "/_understudy/health", {})]),
        paced.Kind("metrics", 0, 1, [Request("GET", "/_understudy/metrics", {})]),
    ]


class Hostile:
    """The busy tenant: a process of the lowest priority, since a real one would have its own processors."""

    def __init__(self, activity, port):
        self.ready, self.start = multiprocessing.Event(), multiprocessing.Event()
        self.counts = multiprocessing.Array("l", 6)  # by the first digit of the status; 0: no answer
        self.process = multiprocessing.Process(target=self.run, args=(activity, port), daemon=True)
        self.process.start()

    def run(self, activity, port):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.nice(19)
        steps = activity.prepare(Tenant(port))
        self.ready.set()
        self.start.wait()
        threads = [threading.Thread(target=self.repeat, args=(step, port), daemon=True) for step in steps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def repeat(self, step, port):
        tenant = Tenant(port, self.count)
        while True:
            try:
                step(tenant)
            except OSError:
                time.sleep(SHORT_PAUSE)

    def count(self, status):
        with self.counts.get_lock():
            self.counts[min(status // 100, 5)] += 1

    def is_ready(self):
        end = time.monotonic() + PREPARE_SECONDS
        while not self.ready.wait(0.1):
            if time.monotonic() > end or not self.process.is_alive():
                return False
        return True

    def go(self):
        self.start.set()

    def tell(self):
        names = "cut off", "1xx", "2xx", "3xx", "4xx", "5xx"
        return ", ".join(f"{count} {name}" for name, count in zip(names, self.counts) if count) or "none yet"

    def end(self):
        self.process.kill()
        self.process.join()
