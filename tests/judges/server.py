"""A server on loopback that speaks OpenAI's protocol, judges by a word, and fails on order."""

import contextlib
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from schemas.moderation import OMNI

Fault = Callable[["Handler"], None]
FENCED = re.compile(r"BEGIN ([0-9a-f]{24})\n(.*)\nEND \1\n", re.DOTALL)
BAD = "kill"
"""A text that holds this word is violence."""


class Double(ThreadingHTTPServer):
    """The server.

    Attributes:
        bodies: what was asked, in the order of its coming.
        keys: by which authorization.
        faults: what happens to the next requests that hold a text, instead of an answer.
        say: what the model answers to a text, as content of a chat.
        around: further fields of the choice of a chat.
        most: the most requests that were here at once.
        meeting: if set, each request waits for others there.
        over: set when hanging requests may go.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.faults: dict[str, list[Fault]] = {}
        self.say: Callable[[str], str | None] = verdict
        self.around: Callable[[str], dict[str, Any]] = lambda text: {}  # noqa: ARG005
        self.most = 0
        self.inside = 0
        self.meeting: threading.Barrier | None = None
        self.over = threading.Event()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """What a client is given."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def texts(self) -> list[str]:
        """The texts that were asked about, in the order of their coming."""
        return [text for body in self.bodies for text in texts_of(body)]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what is tested here."""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Double

    def do_POST(self) -> None:
        """Answer, or fail as ordered."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.bodies.append(body)
            self.server.keys.append(self.headers["Authorization"])
            self.server.inside += 1
            self.server.most = max(self.server.most, self.server.inside)
            fault = self._fault(body)
        try:
            if self.server.meeting:
                self.server.meeting.wait(20)
            if fault:
                fault(self)
            else:
                self.send(200, self._reply(body))
        finally:
            with self.server.lock:
                self.server.inside -= 1

    def _fault(self, body: dict[str, Any]) -> Fault | None:
        for text in texts_of(body):
            if waiting := self.server.faults.get(text):
                return waiting.pop(0)
        return None

    def _reply(self, body: dict[str, Any]) -> Any:
        if self.path.endswith("/moderations"):
            return {"id": "m", "model": "fake", "results": [*map(moderated, texts_of(body))]}
        (text,) = texts_of(body)
        choice = {"index": 0, "finish_reason": "stop"} | self.server.around(text)
        choice.setdefault("message", {"role": "assistant", "content": self.server.say(text)})
        usage = {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100}
        return {"id": "c", "object": "chat.completion", "choices": [choice], "usage": usage}

    def send(self, status: int, content: Any, **headers: str) -> None:
        """Send JSON, or bytes as they are."""
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class has it)
        """Say nothing."""


def texts_of(body: dict[str, Any]) -> list[str]:
    """The texts of a request."""
    if "input" in body:
        return list(body["input"])
    said = str(body["messages"][-1]["content"])
    found = FENCED.search(said)
    return [found.group(2) if found else said]


def verdict(text: str) -> str:
    """What a good model says of a text."""
    return json.dumps({name: name == "violence" and BAD in text for name in OMNI})


def moderated(text: str) -> dict[str, Any]:
    """What the moderation endpoint says of a text; a category of the future among it."""
    scores = {name: 0.9 if name == "violence" and BAD in text else 0.01 for name in OMNI}
    return {
        "flagged": BAD in text,
        "categories": {name: score > 0.5 for name, score in scores.items()} | {"future": True},
        "category_scores": scores | {"future": 0.5},
        "category_applied_input_types": {name: ["text"] for name in OMNI},
    }


def status(code: int, **headers: str) -> Fault:
    """Refuse with a status."""
    return lambda handler: handler.send(code, {"error": {"message": "no"}}, **headers)


def body(content: Any) -> Fault:
    """Send something else."""
    return lambda handler: handler.send(200, content)


def hang(handler: Handler) -> None:
    """Say nothing until the test is over."""
    handler.server.over.wait(60)


def trickle(handler: Handler) -> None:
    """Send a beginning, and then nothing: no read times out that is looked at alone."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    while not handler.server.over.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def cut(handler: Handler) -> None:
    """Promise more than comes, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [{"mess')
    handler.close_connection = True


def reset(handler: Handler) -> None:
    """Break the connection."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


@contextlib.contextmanager
def running() -> Iterator[Double]:
    """A double that serves."""
    with Double() as double:
        thread = threading.Thread(target=double.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield double
        finally:
            double.over.set()
            double.shutdown()
            thread.join()
