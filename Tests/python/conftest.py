"""Runs the built program for tests that need a client of another make. UNDERSTUDY names the program."""

import json
import os
import resource
import subprocess
import time
import urllib.error
import urllib.request

import pytest

# Lines to say at the end.
SUMMARY = []


def pytest_terminal_summary(terminalreporter):
    for line in SUMMARY:
        terminalreporter.write_line(line)


class Answer:
    """A response, an error's too."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.text = body.decode()

    @property
    def json(self):
        return json.loads(self.text)


class Server:
    """A program that serves on a free port, with its port file in a folder of its own."""

    def __init__(self, folder, options, environment, files=None):
        port_file = folder / "port"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSTUDY")}
        self._errors = open(folder / "stderr", "wb+")
        # So many file descriptors, and no way to raise that.
        limit = None if files is None else lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
        self._process = subprocess.Popen(
            [os.environ["UNDERSTUDY"], "--port", "0", "--port-file", str(port_file), *options],
            env={**inherited, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._errors, preexec_fn=limit)
        deadline = time.monotonic() + 30
        while not port_file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError("the program does not serve: " + self.errors())
            time.sleep(0.005)
        self.pid = self._process.pid
        self.port = int(port_file.read_text())
        self.url = f"http://127.0.0.1:{self.port}"

    def errors(self):
        self._errors.seek(0)
        return self._errors.read().decode()

    def request(self, method, path, key=None, body=None):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    @property
    def is_running(self):
        return self._process.poll() is None

    def stop(self):
        """Ends it as an operator would, and gives its exit code."""
        if self._process.poll() is None:
            self._process.terminate()
        return self._process.wait(30)


@pytest.fixture
def serve(tmp_path_factory):
    """Starts servers with the given options and environment; they end with the test."""
    started = []

    def start(*options, files=None, **environment):
        started.append(Server(tmp_path_factory.mktemp("understudy"), options, environment, files))
        return started[-1]

    yield start
    codes = [server.stop() for server in started]
    assert codes == [0] * len(codes)


@pytest.fixture
def server(serve):
    """A server with default options."""
    return serve()
