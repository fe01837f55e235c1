"""Connections whose answers a fault delays by ten minutes, held by a process that does nothing."""

import json
import multiprocessing
import resource
import socket

from paced import encode
from scenarios import BACKFILLS, key

HELD = key("held")


class Delayed:
    def __init__(self, server, count):
        fault = {"match": {}, "response": {"fixedDelayMilliseconds": 600_000}}
        server.expect("PUT", "/_understudy/faults/slow", HELD, json.dumps(fault))
        self.mine, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=hold, args=(server.port, count, theirs), daemon=True)
        self.process.start()
        self.mine.recv()

    def still_waiting(self):
        """How many of the connections are open and unanswered."""
        self.mine.send("count")
        return self.mine.recv()

    def end(self):
        self.process.kill()
        self.process.join()


def hold(port, count, theirs):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    request = encode("GET", BACKFILLS, HELD)
    connections = []
    for _ in range(min(count, most - 100)):
        connections.append(socket.create_connection(("127.0.0.1", port), timeout=60))
        connections[-1].sendall(request)
    theirs.send("ready")
    theirs.recv()
    waiting = 0
    for connection in connections:
        connection.setblocking(False)
        try:
            connection.recv(1)
        except BlockingIOError:
            waiting += 1
    theirs.send(waiting)
