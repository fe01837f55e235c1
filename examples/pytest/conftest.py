"""One Understudy for the whole suite, and a sandbox of its own for every test.

The controlling process starts the server; the workers of `pytest -n 4` are told where it listens. A test that asks for
`sandbox` gets a key that nobody else has, and with it a world that nobody else sees: tests need no order and no cleaning up.
"""

import os
import pathlib
import subprocess
import tempfile
import time
import uuid

import pytest
import requests

URL = "UNDERSTUDY_URL"
PROGRAM = "UNDERSTUDY_PROGRAM"


def pytest_configure(config):
    if hasattr(config, "workerinput"):
        config.understudy_url = config.workerinput["understudy_url"]
    elif os.environ.get(URL):
        config.understudy_url = os.environ[URL]
    else:
        config.understudy_process, config.understudy_url = start_server()


def pytest_configure_node(node):
    node.workerinput["understudy_url"] = node.config.understudy_url


def pytest_unconfigure(config):
    process = getattr(config, "understudy_process", None)
    if process:
        process.terminate()
        process.wait(10)


def start_server():
    folder = pathlib.Path(tempfile.mkdtemp())
    port_file = folder / "port"
    process = subprocess.Popen(
        [os.environ.get(PROGRAM, "understudy"), "serve", "--port", "0", "--port-file", port_file, "--clock", "manual"],
        stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not port_file.exists() or not port_file.read_text().strip():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the server did not start")
        time.sleep(0.005)
    return process, f"http://127.0.0.1:{port_file.read_text().strip()}"


@pytest.fixture
def sandbox(request):
    return Sandbox(request.config.understudy_url)


class Sandbox:
    """Both APIs and the control plane of one sandbox."""

    def __init__(self, url):
        self.url = url
        name = uuid.uuid4().hex
        self.neo_key = f"neo_sk_test_{name}"
        self.backside_key = f"bsk_test_{name}{name[:11]}"
        # Both keys open the same sandbox, so that one clock moves both APIs.
        self.control("POST", "sandbox/credentials", {"token": self.backside_key})

    def neo(self, method, path, body=None, **options):
        return self._send(method, f"/public-api/{path}", self.neo_key, body, options)

    def backside(self, method, path, body=None, **options):
        return self._send(method, f"/api/v1/{path}", self.backside_key, body, options)

    def control(self, method, path, body=None):
        answer = self._send(method, f"/_understudy/{path}", self.neo_key, body, {})
        answer.raise_for_status()
        return answer.json()

    def advance(self, **target):
        """Moves the clock on: seconds=90, to="2026-03-02T10:00:00Z", until="idle"."""
        return self.control("POST", "clock/advance", target)

    def _send(self, method, path, key, body, options):
        options.setdefault("timeout", 30)
        headers = {"Authorization": f"Bearer {key}"} | options.pop("headers", {})
        return requests.request(method, self.url + path, json=body, headers=headers, **options)
