"""Many clients at once, good and bad ones, and what a stop does to them."""

import os
import re
import signal
import socket
import threading
import time

KEY = "neo_sk_test_crowd"
AGENTS = f"GET /public-api/agents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n\r\n".encode()
HEALTH = b"GET /_understudy/health HTTP/1.1\r\nHost: localhost\r\n\r\n"


def connect(server, timeout=30):
    return socket.create_connection(("127.0.0.1", server.port), timeout=timeout)


def answer(connection, buffer=b""):
    """The next answer's status and body, and what came behind it; nothing when the connection ended."""
    while b"\r\n\r\n" not in buffer:
        piece = connection.recv(65536)
        if not piece:
            return None, buffer, b""
        buffer += piece
    head, buffer = buffer.split(b"\r\n\r\n", 1)
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    while len(buffer) < length:
        piece = connection.recv(65536)
        if not piece:
            return None, buffer, b""
        buffer += piece
    return int(head.split()[1]), buffer[:length], buffer[length:]


def processor_seconds(server):
    with open(f"/proc/{server.pid}/stat") as figures:
        fields = figures.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descriptors(server):
    return len(os.listdir(f"/proc/{server.pid}/fd"))


def eventually(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_more_clients_than_descriptors(serve, tmp_path):
    for options in ([], ["--data", str(tmp_path / "data")]):
        server = serve(*options, files=64)
        crowd = [connect(server) for _ in range(200)]
        for connection in crowd:
            connection.sendall(HEALTH)
        # Those that were let in are answered; the others wait, which costs nothing.
        status, _, _ = answer(crowd[0])
        assert status == 200
        before, start = processor_seconds(server), time.monotonic()
        time.sleep(0.5)
        assert processor_seconds(server) - before < 0.5 * (time.monotonic() - start), options
        assert descriptors(server) < 64
        for connection in crowd:
            connection.close()
        assert server.request("GET", "/public-api/agents", KEY).status == 200
        assert server.errors() == ""


def test_more_sandboxes_than_descriptors(serve, tmp_path):
    server = serve("--data", str(tmp_path / "data"), "--clock", "manual", files=64)
    keys = [f"neo_sk_test_sandbox{number}" for number in range(40)]
    for key in keys:
        assert server.request("PUT", "/_understudy/snapshots/one", key).status == 201
        assert server.request("PUT", "/_understudy/scenarios/mine", key, {"when": {}, "then": {"entities": 3}}).status == 201
        assert descriptors(server) < 64
    for key in keys:
        assert server.request("GET", "/_understudy/scenarios/mine", key).status == 200
        assert server.request("POST", "/_understudy/snapshots/one/restore", key).status == 200
        assert server.request("GET", "/_understudy/scenarios/mine", key).status == 404
    assert " error " not in server.errors()


def test_a_flood_of_requests_on_one_connection_is_answered_whole_and_alone_waits(server):
    count = 3_000
    flood = connect(server)
    sender = threading.Thread(target=flood.sendall, args=(HEALTH * count,))
    sender.start()
    # Nobody reads those answers, and others are served.
    for _ in range(20):
        assert server.request("GET", "/public-api/agents", KEY).status == 200
    rest = b""
    for _ in range(count):
        status, body, rest = answer(flood, rest)
        assert status == 200 and body.startswith(b'{"status":"ok"')
    sender.join()
    flood.close()


def test_clients_that_lie_and_leave_cost_nothing_that_stays(server):
    server.request("GET", "/public-api/agents", KEY)
    before = descriptors(server)
    create = b"POST /public-api/backfills HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + KEY.encode()
    bad = [
        b"GET ", AGENTS[:-2], create + b"\r\nContent-Length: 1000\r\n\r\n{", create + b"\r\nContent-Length: -1\r\n\r\n",
        create + b"\r\nContent-Length: 99999999999999999999\r\n\r\n{}", create + b"\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        create + b"\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", create + b"\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", AGENTS,
    ]
    for round in range(20):
        crowd = [connect(server) for _ in bad]
        for connection, sent in zip(crowd, bad):
            connection.sendall(sent)
        for connection in crowd:
            # Half of them by a reset.
            if round % 2:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()
    # Of some that leave half-way the system says nothing: those are cut after 30 seconds.
    eventually(lambda: descriptors(server) <= before + len(bad) * 20 // 10)
    sandbox = server.request("GET", "/_understudy/sandbox", KEY)
    assert sandbox.json["counts"]["backfills"] == 0


def test_a_stop_answers_every_request_that_was_sent_before_it(serve):
    for round in range(5):
        server = serve()
        crowd = [connect(server) for _ in range(64)]
        for connection in crowd:
            connection.sendall(AGENTS)
        for connection in crowd:
            assert answer(connection)[0] == 200
        for connection in crowd:
            connection.sendall(AGENTS)
        start = time.monotonic()
        os.kill(server.pid, signal.SIGTERM)
        answered = [answer(connection)[0] for connection in crowd]
        assert answered == [200] * len(crowd)
        assert server.stop() == 0
        assert time.monotonic() - start < 5
        assert server.errors() == ""


def test_a_stop_under_steady_load_drops_nothing(serve):
    for round in range(3):
        server = serve()
        signalled = threading.Event()
        counts, dropped = [0] * 16, []

        def ask(number):
            connection = connect(server)
            while True:
                sent_before = not signalled.is_set()
                try:
                    connection.sendall(AGENTS)
                    # Sent as a whole before the signal?
                    sent_before = sent_before and not signalled.is_set()
                    status, _, _ = answer(connection)
                except OSError:
                    status = None
                if status is None:
                    if sent_before:
                        dropped.append(number)
                    return
                assert status == 200
                counts[number] += 1

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(counts))]
        for thread in threads:
            thread.start()
        eventually(lambda: sum(counts) > 400)
        signalled.set()
        os.kill(server.pid, signal.SIGTERM)
        for thread in threads:
            thread.join()
        assert dropped == []
        assert server.stop() == 0
