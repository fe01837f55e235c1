"""Starts, asks and stops the two programs that are compared."""

import http.client
import os
import signal
import socket
import subprocess
import time

OWN_FIELDS = {"connection", "date", "content-length"}  # the library adds these itself


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running program that listens on a port of this machine."""

    def __init__(self, command, port):
        self.port = port
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, most=30):
        """Seconds from the signal to the end of the process; it is killed after so many."""
        began = time.perf_counter()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(most)
            except subprocess.TimeoutExpired:
                self.kill()
        return time.perf_counter() - began

    def kill(self):
        self.process.kill()
        self.process.wait()

    def wait(self):
        """Returns once it accepts connections."""
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError(f"{self.process.args[0]} ended with {self.process.returncode}")
                time.sleep(0.0002)

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            words = stat.read().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, method, path, headers=None, body=None, timeout=300):
        """Status, fields and body of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def expect(self, method, path, headers=None, body=None):
        """As ``ask``, but the answer must be a success; gives its body."""
        status, _, answer = self.ask(method, path, headers, body)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer[:300]!r}")
        return answer


def limits(binary):
    """Options with which a benchmark's own data meets no limit, as far as the program has them."""
    wanted = {"--sandbox-limit": "2GiB", "--memory-limit": "4GiB"}
    known = subprocess.run([binary, "serve", "--help"], capture_output=True, text=True).stdout
    return [word for option in wanted if option in known for word in (option, wanted[option])]


def understudy(binary, *options, threads=2):
    port = free_port()
    return Server([binary, "--port", str(port), "--threads", str(threads), *options], port).wait()


def bare(binary, rules, folder, threads=2):
    """``rules``: method, the path's ending, and the answer as ``Server.ask`` gives it."""
    port = free_port()
    arguments = []
    for index, (method, ending, (status, fields, body)) in enumerate(rules):
        path = os.path.join(folder, f"answer-{index}")
        with open(path, "wb") as file:
            file.write(f"{status}\n".encode())
            for name, value in fields:
                if name.lower() not in OWN_FIELDS:
                    file.write(f"{name}: {value}\n".encode())
            file.write(b"\n" + body)
        arguments += [method, ending, path]
    return Server([binary, str(port), str(threads), *arguments], port).wait()
