#!/usr/bin/env python3
"""Measures two builds of understudy in turns, in one run (docs/PERFORMANCE.md).

    compare.py OLD NEW [--only NAME,NAME] [--rounds N] [--seconds N] [--delayed N]
"""

import argparse
import json
import os
import tempfile
from dataclasses import dataclass
from statistics import median
from typing import Callable

import load
import servers
from delayed import Delayed
from load import Plan, Request
from scenarios import BACKFILLS, key, new_backfill, put_scenario, set_clock

WHO = key("compare")
CONNECTIONS = 16
WORKFLOWS = range(9_001, 9_001 + CONNECTIONS)


@dataclass(frozen=True)
class Pair:
    """What is sent to both builds, and how much of the old one's rate the new one has to reach."""

    name: str
    plan: Callable  # of a server; called before each round
    least: float | None
    delayed: bool = False  # beside answers that a fault delays


def one_get(server):
    return get(server, 1)


def many_gets(server):
    return get(server, CONNECTIONS)


def get(server, connections):
    server.expect("POST", "/_understudy/sandbox/reset", WHO)
    backfill = json.loads(server.expect("POST", BACKFILLS, WHO, new_backfill(123)))["data"]["backfill"]["id"]
    return Plan([[Request("GET", f"{BACKFILLS}/{backfill}", WHO)]], connections)


def one_create(server):
    return create(server, 1)


def many_creates(server):
    return create(server, CONNECTIONS)


def create(server, connections):
    # A workflow has one active backfill at a time: each ends at its first tick, and the clock runs so fast that this is
    # before the next create gets its turn. Each round starts with an empty sandbox, so that no limit of memory is met.
    kind = {"autonomy_type": "CHAINED_ACTIONS", "entity_type": "TICKET", "created_at": "2026-01-05T09:00:00Z"}
    agents = [{"id": str(workflow), "name": f"Agent {workflow}", **kind} for workflow in WORKFLOWS]
    server.expect("POST", "/_understudy/sandbox/reset", WHO)
    seed = {"understudy": 1, "base": "blank", "agents": agents}
    server.expect("PUT", "/_understudy/sandbox/import", WHO, json.dumps(seed))
    put_scenario(server, WHO, run_error={"after": 0, "message": "It is over."})
    set_clock(server, WHO, mode="real", speed=1_000_000)
    requests = [Request("POST", BACKFILLS, WHO, new_backfill(workflow)) for workflow in WORKFLOWS[:connections]]
    return Plan([requests], connections)


PAIRS = [
    Pair("get, 1 client", one_get, 1),
    Pair("create, 1 client", one_create, 1),
    Pair("get, 16", many_gets, 1),
    Pair("create, 16", many_creates, 1.25),
    Pair("create, 16, delayed", many_creates, None, delayed=True),
    Pair("get, 16, delayed", many_gets, None, delayed=True),
]
# What two rounds of one build differ by on a quiet machine.
TOLERANCE = 0.03


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--only", default="", help="names, with semicolons between them")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=1, help="of each round")
    parser.add_argument("--delayed", type=int, default=10_000, help="answers that are kept waiting")
    arguments = parser.parse_args()
    wanted = set(filter(None, arguments.only.split(";")))
    print(f"wrk, {arguments.rounds} rounds of {arguments.seconds} s for each build, in turns")
    rate, p50 = f"{'min':>6} {'median':>6} {'max':>6}", f"{'p50 us':>7}"
    print(f"{'':20} | old: {rate} {p50} | new: {rate} {p50} | ratio: {'min':>4} {'median':>6} {'max':>5} | target")
    for pair in PAIRS:
        if not wanted or pair.name in wanted:
            run(pair, arguments)


def run(pair, arguments):
    folder = tempfile.TemporaryDirectory(prefix="understudy-compare-")
    with folder as path, start(arguments.old) as old, start(arguments.new) as new:
        held = [Delayed(server, arguments.delayed) for server in (old, new)] if pair.delayed else []
        try:
            rounds = measure(pair, (old, new), arguments, os.path.join(path, "plan.lua"))
            still = [one.still_waiting() for one in held]
        finally:
            for one in held:
                one.end()
    report(pair, *rounds)
    if pair.delayed:
        print(f"{'':20} | answers that still waited: {still[0]} and {still[1]} of {arguments.delayed}", flush=True)


def start(binary):
    return servers.understudy(binary, "--rate-limit", "count", "--log-level", "error", *servers.limits(binary))


def measure(pair, both, arguments, path):
    """The rounds of both; who is first changes from pair to pair. The first pair warms up and does not count."""
    found = [], []
    for number in range(arguments.rounds + 1):
        for index in (0, 1) if number % 2 else (1, 0):
            plan = pair.plan(both[index])
            plan.write(path)
            one = load.measure(plan, path, both[index], arguments.seconds)
            if number:
                found[index].append(one)
    return found


def report(pair, olds, news):
    def told(rounds):
        rates = [one.rate for one in rounds]
        return f"{min(rates):11.0f} {median(rates):6.0f} {max(rates):6.0f} {median(one.p50 for one in rounds):7.0f}"

    ratios = [new.rate / old.rate for old, new in zip(olds, news)]
    verdict = "no target"
    if pair.least is not None:
        good = median(ratios) >= pair.least * (1 - TOLERANCE if pair.least <= 1 else 1)
        verdict = f">= {pair.least}: {'ok' if good else 'MISSED'}"
    failed = [sum(one.failed for one in rounds) / sum(one.rate for one in rounds) for rounds in (olds, news)]
    if max(failed) > 0.001:
        verdict += f" ({failed[0]:.1%} and {failed[1]:.1%} refused)"
    ratio = f"{min(ratios):11.2f} {median(ratios):6.2f} {max(ratios):5.2f}"
    print(f"{pair.name:20} | {told(olds)} | {told(news)} | {ratio} | {verdict}", flush=True)


if __name__ == "__main__":
    main()
