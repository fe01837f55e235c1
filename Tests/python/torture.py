"""Kills a server again and again under mixed load and looks whether it kept what it had acknowledged.

A second server, in memory and never killed, is given the same requests afterwards. A standing clock makes a sandbox a function of
its credential and its requests, so both must export the same bytes. The request that a kill cut off may have happened or not.
"""

import argparse
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time

from conftest import Server

OPTIONS = ["--clock", "manual", "--rate-limit", "off"]
BACKFILL = {"target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {}, "daily_execution_windows": {}}
# What is of one request or one server alone, and how many bytes a snapshot has, which a file and memory may disagree on.
OWN = re.compile(r'"(request_id|timings_ms|last_used_at|open|size_bytes)":("[^"]*"|\{[^}]*\}|\w+)')

COUNTS = re.compile(r'"matched":\d+,"used":\d+')


class Gone(Exception):
    """The server hung up before it had answered."""


class Client:
    """A connection that is kept."""

    def __init__(self, server):
        self._connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)

    def send(self, method, path, key=None, body=None, sandbox=None):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if sandbox:
            headers["X-Understudy-Sandbox"] = sandbox
        data = body if body is None or isinstance(body, str) else json.dumps(body)
        try:
            self._connection.request(method, path, data, headers)
            response = self._connection.getresponse()
            return response.status, OWN.sub("", response.read().decode())
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Gone() from error

    def close(self):
        self._connection.close()


class Story:
    """One sandbox, and what was asked of it. Only one thread asks at a time."""

    def __init__(self, name, dice):
        self.key = f"neo_sk_test_{name}"
        self.backside = "bsk_live_" + name.ljust(43, "x")
        self.sandbox = None
        self.dice = dice
        self.backfills = []
        self.runs = []
        self.snapshots = []
        self.exports = []
        self.count = 0
        self.done = []
        self.doubtful = None
        self.answered = set()

    def fresh(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def next(self):
        """The next request: method, path, key, body, sandbox."""
        dice = self.dice
        own = lambda method, path, body=None: (method, path, self.key, body, None)
        other = lambda method, path, body=None: (method, path, self.backside, body, None)
        choice = dice.choices(range(15), [9, 8, 10, 6, 3, 2, 2, 4, 4, 3, 2, 2, 2, 2, 1])[0]
        kind = "/api/v1/agents/contact_deduper/runs"
        if choice == 0:
            return own("POST", "/public-api/backfills", {**BACKFILL, "max_in_flight": dice.randint(1, 20)})
        if choice == 1 and self.backfills:
            verb = dice.choice(["cancel", "cancel", "pause", "resume", "rerun-failed"])
            return own("POST", f"/public-api/backfills/{dice.choice(self.backfills)}/{verb}")
        if choice == 2:
            how = dice.choice([{"seconds": dice.randint(1, 300)}, {"until": "next_event"}, {"until": "idle"}])
            return own("POST", "/_understudy/clock/advance", how)
        if choice == 3:
            return other("POST", kind, {"input": {"number": dice.randint(1, 99)}})
        if choice == 4 and self.runs:
            return other("POST", f"{kind}/{dice.choice(self.runs)}/cancel")
        if choice == 5:
            return other("PUT", "/api/v1/agent-configs/contact_deduper", {
                "budget_default_cents": dice.randint(1, 99), "deadline_default_seconds": 600, "guardrails": [], "schedule": None})
        if choice == 6:
            return other("PUT", "/api/v1/agent-configs/contact_deduper/byok-key", {"api_key": f"sk-ant-{dice.randint(10**9, 10**10)}"})
        if choice == 7:
            then = {"entities": dice.randint(1, 30), "fail": dice.randint(0, 3)}
            return own("PUT", f"/_understudy/scenarios/s{dice.randint(1, 4)}", {"when": {"times": dice.randint(1, 3)}, "then": then})
        if choice == 8:
            match = {"method": dice.choice(["POST", "PUT"]), "skip": dice.randint(0, 4), "times": 1}
            return own("PUT", f"/_understudy/faults/f{dice.randint(1, 3)}", {"match": match, "response": {"status": 503}})
        if choice == 9 and len(self.snapshots) < 4:
            return own("PUT", "/_understudy/snapshots/" + self.fresh("n"))
        if choice == 10 and self.snapshots:
            return own("POST", f"/_understudy/snapshots/{dice.choice(self.snapshots)}/restore")
        if choice in (9, 11) and self.snapshots:
            return own("DELETE", f"/_understudy/snapshots/{dice.choice(self.snapshots)}")
        if choice == 12 and dice.random() < 0.5:
            return own("POST", "/_understudy/sandbox/reset")
        if choice == 13 and self.exports:
            return own("PUT", "/_understudy/sandbox/import", dice.choice(self.exports))
        if choice == 14:
            return own("POST", "/_understudy/sandbox/credentials", {"token": f"neo_sk_test_{self.key[12:]}{self.fresh('Also')}"})
        return own("GET", "/_understudy/sandbox/export")

    def learn(self, request, status, body):
        """What an acknowledged request has made known."""
        method, path = request[:2]
        self.answered.add(path)
        self.done.append((request, status, body))
        if method == "DELETE" and "/admin/" in path:
            self.backfills, self.runs, self.snapshots, self.count = [], [], [], 0
        elif status not in (200, 201, 202):
            return
        elif path == "/public-api/backfills" or path.endswith("/rerun-failed"):
            self.backfills = self.backfills[-3:] + re.findall(r'"id":"([^"]*)"', body)[:1]
        elif path.endswith("/runs"):
            self.runs = self.runs[-3:] + re.findall(r'"id":"([^"]*)"', body)[:1]
        elif method == "PUT" and "/snapshots/" in path:
            self.snapshots.append(path.rsplit("/", 1)[1])
        elif method == "DELETE" and "/snapshots/" in path:
            self.snapshots.remove(path.rsplit("/", 1)[1])
        elif path.endswith("/export"):
            self.exports = self.exports[-2:] + [body]

    def life(self):
        """Requests without end, now and then through an admin's hands."""
        while True:
            yield from self.part()

    def part(self):
        # A kill may have cut this off, and the other key must lead nowhere else.
        yield from self.until_answered("POST", "/_understudy/sandbox/credentials", self.key, {"token": self.backside}, None)
        for _ in range(self.dice.randint(20, 120)):
            yield self.next()
        if self.sandbox:
            yield ("DELETE", f"/_understudy/admin/sandboxes/{self.sandbox}", None, None, None)

    def until_answered(self, *request):
        self.answered = set()
        while request[1] not in self.answered:
            yield request

    def look(self, client):
        """All that can be seen of the sandbox."""
        seen = [client.send("GET", path, self.key) for path in ("/_understudy/sandbox/export", "/_understudy/snapshots")]
        about = json.loads(client.send("GET", "/_understudy/sandbox", self.key)[1])
        self.sandbox = about["name"]
        seen.append(about["tenant_id"])
        seen.append(sorted(json.dumps(credential) for credential in about["credentials"]))
        if '"masked":"bsk_' in json.dumps(about, separators=(",", ":")):
            seen.append(client.send("GET", "/api/v1/agent-configs", self.backside))
        return seen


class AdminStory(Story):
    """A sandbox that an admin makes and removes; its keys are attached to it, so that they are known."""

    def __init__(self, name, dice):
        super().__init__(name, dice)
        self.sandbox = f"made-{name.lower()}"

    def part(self):
        yield from self.until_answered("POST", "/_understudy/admin/sandboxes", None, {
            "name": self.sandbox, "seed": self.dice.choice(["blank", "demo"]), "clock": {"mode": "manual"}}, None)
        yield from self.until_answered("POST", "/_understudy/sandbox/credentials", None, {"token": self.key}, self.sandbox)
        yield from super().part()

    def look(self, client):
        status, body = client.send("GET", f"/_understudy/admin/sandboxes/{self.sandbox}")
        if status != 200:
            return ["none"]
        seen = [client.send("GET", path, None, None, self.sandbox) for path in ("/_understudy/sandbox/export", "/_understudy/snapshots")]
        about = json.loads(client.send("GET", "/_understudy/sandbox", None, None, self.sandbox)[1])
        return seen + [about["tenant_id"], len(about["credentials"])]


class Torture:
    def __init__(self, seed, folder, stories=6):
        self.dice = random.Random(seed)
        self.folder = folder
        self.data = folder / "data"
        self.started = []
        self.reference = self.serve(OPTIONS)
        self.stories = [
            (AdminStory if number % 3 == 2 else Story)(f"Torture{seed}n{number}", random.Random(seed * 1000 + number))
            for number in range(stories)]
        self.lives = [story.life() for story in self.stories]
        self.rounds = self.acknowledged = self.happened = self.cut = self.files = 0

    def new_folder(self):
        return pathlib.Path(tempfile.mkdtemp(dir=self.folder))

    def serve(self, options):
        self.started = [server for server in self.started if server.is_running] + [Server(self.new_folder(), options, {})]
        return self.started[-1]

    def start(self):
        options = [*OPTIONS, "--data", str(self.data), "--max-sandboxes", str(self.dice.choice([3, 5, 10_000]))]
        if self.dice.random() < 0.1:
            self.kill_while_it_starts(options)
        return self.serve(options)

    def kill_while_it_starts(self, options):
        process = subprocess.Popen(
            [os.environ["UNDERSTUDY"], "--port", "0", *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        time.sleep(self.dice.uniform(0, 0.15))
        process.kill()
        process.wait()

    def round(self):
        """Load, kill, start again, compare."""
        server = self.start()
        fuse = threading.Semaphore(0)
        fatal = self.dice.randint(1, 300)
        pause = self.dice.uniform(0, 0.004)
        threads = [threading.Thread(target=self.live, args=(server, story, life, fuse)) for story, life in zip(self.stories, self.lives)]
        for thread in threads:
            thread.start()
        for _ in range(fatal):
            assert fuse.acquire(timeout=60), "the server does not answer: " + server.errors()
        time.sleep(pause)
        os.kill(server.pid, signal.SIGKILL)
        for thread in threads:
            thread.join()
        assert server.stop() == -signal.SIGKILL, server.errors()
        assert " error " not in server.errors().lower(), server.errors()
        self.check_files()
        self.compare()
        self.rounds += 1

    def live(self, server, story, life, fuse):
        client = Client(server)
        try:
            while True:
                request = next(life)
                story.doubtful = request
                status, body = client.send(*request)
                story.doubtful = None
                story.learn(request, status, body)
                fuse.release()
        except Gone:
            client.close()
            # Threads that come too late must not keep the others waiting.
            fuse.release(1000)

    def check_files(self):
        """Looks at what the killed server left, in a copy: whoever opens a database mends it."""
        copy = self.new_folder() / "copy"
        shutil.copytree(self.data, copy)
        for file in copy.iterdir():
            if file.suffix not in (".sqlite", ".snapshots"):
                continue
            database = sqlite3.connect(file)
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)], file.name
            assert database.execute("PRAGMA foreign_key_check").fetchall() == [], file.name
            database.close()
            self.files += 1
        shutil.rmtree(copy)

    def compare(self):
        server = self.serve([*OPTIONS, "--data", str(self.data)])
        strays = [name for name in os.listdir(self.data) if ".new" in name]
        assert strays == [], strays
        left, right = Client(server), Client(self.reference)
        for story in self.stories:
            for request, status, body in story.done:
                expected = right.send(*request)
                # A sandbox that an admin makes gets fresh credentials, too.
                if not isinstance(story, AdminStory) or '"credentials":' not in body:
                    assert (status, body) == expected, (str(request)[:300], status, body[:2000], expected[0], expected[1][:2000])
            self.acknowledged += len(story.done)
            story.done = []
            found, expected = story.look(left), story.look(right)
            if story.doubtful:
                self.cut += 1
                if found != expected and COUNTS.sub("", str(found)) == COUNTS.sub("", str(expected)):
                    # A fault counts a request before it is carried out.
                    right.send("PUT", "/_understudy/sandbox/import", story.key, found[0][1])
                    expected = story.look(right)
                elif found != expected:
                    self.happened += 1
                    status, body = right.send(*story.doubtful)
                    expected = story.look(right)
                    story.learn(story.doubtful, status, body)
                    story.done = []
            if found != expected:
                for number, pair in enumerate(zip(found, expected)):
                    if pair[0] != pair[1]:
                        for side, value in zip(("found", "expected"), pair):
                            (self.folder / f"{side}-{number}").write_text(str(value))
                raise AssertionError((story.key, str(story.doubtful)[:300], len(found), len(expected), str(self.folder)))
            story.doubtful = None
        left.close()
        right.close()
        # A clean end now and then, a kill else: with nothing under way.
        if self.dice.random() < 0.5:
            os.kill(server.pid, signal.SIGKILL)
            server.stop()
        else:
            assert server.stop() == 0

    def run(self, rounds, seconds):
        deadline = time.monotonic() + seconds
        try:
            while self.rounds < rounds and time.monotonic() < deadline:
                self.round()
        finally:
            for server in self.started:
                server.stop()
        return (f"{self.rounds} kills, {self.acknowledged} acknowledged requests, all there; {self.cut} cut off, of which "
                f"{self.happened} had happened; {self.files} databases checked")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    place = pathlib.Path(tempfile.mkdtemp(prefix="understudy-torture-"))
    print(Torture(arguments.seed, place).run(arguments.rounds, arguments.seconds))
    shutil.rmtree(place)
