#!/usr/bin/env python3
"""Measures understudy side by side with a bare libmicrohttpd program that answers the same bytes (docs/PERFORMANCE.md).

    bench.py UNDERSTUDY BARE PACED [--only NAME,NAME] [--rounds N] [--seconds N]
"""

import argparse
import os
import re
import subprocess
import tempfile

import figures
import load
import servers
from load import median
from neighbours import Neighbours
from scenarios import SCENARIOS


def main():
    arguments = read_arguments()
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder:
        bench = Bench(arguments, folder)
        bench.run_figures()
        bench.run_scenarios()
        bench.run_neighbours()


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("understudy")
    parser.add_argument("bare")
    parser.add_argument("paced")
    parser.add_argument("--only", default="", help="scenarios' names, `figures`, `neighbours`, with commas between")
    parser.add_argument("--activity", help="of the neighbours, those with this in their names")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=1, help="of each round")
    return parser.parse_args()


class Bench:
    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = folder
        self.wanted = set(filter(None, arguments.only.split(",")))
        self.found = {}
        options = subprocess.run([arguments.understudy, "serve", "--help"], capture_output=True, text=True).stdout
        # The journal is measured as it is by default, once there is one.
        self.journal = "on" if "--journal" in options else "not there"

    def wants(self, name):
        return not self.wanted or name in self.wanted

    # Figures

    def run_figures(self):
        if not self.wants("figures"):
            return
        print(f"{'':24} {'understudy':>12} {'bare':>10}   target")
        answer = (200, [("Content-Type", "application/json")], b"{}")
        mine = figures.start_and_stop(lambda: servers.understudy(self.arguments.understudy), "/public-api/health")
        theirs = figures.start_and_stop(
            lambda: servers.bare(self.arguments.bare, [("GET", "", answer)], self.folder), "/public-api/health"
        )
        rows = [
            ("start to first answer", 0, "ms", 15), ("resident after start", 1, "MiB", 16), ("idle stop", 2, "ms", 100)
        ]
        for name, index, unit, most in rows:
            scale = 1024 if unit == "MiB" else 1
            self.print_figure(name, mine[index] / scale, theirs[index] / scale, unit, most)
        self.print_figure("idle fresh sandbox", figures.kib_per_sandbox(self.arguments.understudy), None, "KiB", 100)
        print()

    @staticmethod
    def print_figure(name, mine, theirs, unit, most):
        other = f"{theirs:10.1f}" if theirs is not None else " " * 10
        verdict = "ok" if mine <= most else "MISSED"
        print(f"{name:24} {mine:8.1f} {unit:3} {other}   <= {most} {unit}: {verdict}", flush=True)

    # One tenant's work beside the others'

    def run_neighbours(self):
        if self.wants("neighbours"):
            programs = self.arguments.understudy, self.arguments.bare, self.arguments.paced
            Neighbours(*programs, self.folder).run(self.arguments.activity)

    # Under load

    def run_scenarios(self):
        chosen = [scenario for scenario in SCENARIOS if self.wants(scenario.name)]
        if not chosen:
            return
        print(f"journal: {self.journal}; wrk, {self.arguments.rounds} rounds of {self.arguments.seconds} s, in turns")
        print(
            f"{'':22} {'requests/s':>10} {'bare':>8} {'ratio':>6} | {'p50 ms':>7} {'bare':>6} | {'p99 ms':>7} {'bare':>6}"
            f" {'ratio':>5} | {'CPU us':>6} {'bare':>5} | target"
        )
        for scenario in chosen:
            self.run(scenario)

    def run(self, scenario):
        options = ["--rate-limit", "count", *servers.limits(self.arguments.understudy)]
        if scenario.data:
            options += ["--data", os.path.join(self.folder, scenario.name)]
        with servers.understudy(self.arguments.understudy, *options) as mine:
            plan = scenario.prepare(mine)
            if plan is None:
                print(f"{scenario.name:22} not there", flush=True)
                return
            path = os.path.join(self.folder, "plan.lua")
            plan.write(path)
            with servers.bare(self.arguments.bare, self.answers(plan, mine), self.folder) as theirs:
                self.report(scenario, *self.rounds(plan, path, mine, theirs))

    def answers(self, plan, mine):
        """The real answers to a thread's requests, for the bare program to repeat."""
        requests = plan.threads[0] if plan.follows else plan.threads[0][:1]
        rules, last_id = [], ""
        for request in requests:
            path = request.path.replace("{id}", last_id)
            answer = mine.ask(request.method, path, request.headers, request.body)
            if request.gives_id:
                last_id = re.search(rb'"id":"([^"]*)"', answer[2]).group(1).decode()
            # The end of the path tells the steps apart; a single request is told apart from nothing.
            ending = "/" + request.path.rsplit("/", 1)[1] if len(requests) > 1 else ""
            rules.append((request.method, ending, answer))
        return rules

    def rounds(self, plan, path, mine, theirs):
        """Rounds of understudy and of the bare program, one after the other so that both meet the same machine."""
        load.measure(plan, path, mine, 1)
        load.measure(plan, path, theirs, 1)
        ours, bares = [], []
        for _ in range(self.arguments.rounds):
            bares.append(load.measure(plan, path, theirs, self.arguments.seconds))
            ours.append(load.measure(plan, path, mine, self.arguments.seconds))
        return ours, bares

    def report(self, scenario, ours, bares):
        def middle(rounds, value):
            return median([getattr(one, value) for one in rounds])

        ratio = median([our.rate / bare.rate for our, bare in zip(ours, bares)])
        self.found[scenario.name] = ratio
        p99_ratio = middle(ours, "p99") / max(middle(bares, "p99"), 1)
        failed = sum(our.failed for our in ours)
        sent = sum(our.rate for our in ours) * self.arguments.seconds
        print(
            f"{scenario.name:22} {middle(ours, 'rate'):10.0f} {middle(bares, 'rate'):8.0f} {ratio:6.2f} |"
            f" {middle(ours, 'p50') / 1e3:7.2f} {middle(bares, 'p50') / 1e3:6.2f} |"
            f" {middle(ours, 'p99') / 1e3:7.2f} {middle(bares, 'p99') / 1e3:6.2f} {p99_ratio:5.1f} |"
            f" {middle(ours, 'cpu'):6.1f} {middle(bares, 'cpu'):5.1f} | {self.verdict(scenario, ratio, ours)}"
            + (f" ({failed / sent:.1%} refused)" if failed > sent / 1000 else ""),
            flush=True,
        )

    def verdict(self, scenario, ratio, ours):
        if scenario.ceiling_ms is not None:
            p50 = median([our.p50 for our in ours]) / 1e3
            return f"p50 <= {scenario.ceiling_ms} ms: {'ok' if p50 <= scenario.ceiling_ms else 'MISSED'}"
        if scenario.least is None:
            return ""
        if scenario.of != "bare":
            if scenario.of not in self.found:
                return f"run {scenario.of} too"
            ratio = self.found[scenario.name] / self.found[scenario.of]
            return f"{ratio:.2f} of {scenario.of}, >= {scenario.least}: {'ok' if ratio >= scenario.least else 'MISSED'}"
        return f">= {scenario.least}: {'ok' if ratio >= scenario.least else 'MISSED'}"


if __name__ == "__main__":
    main()
