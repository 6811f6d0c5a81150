"""The reviewer's desk in a browser: this machine only, behind a random token in the address.

The server listens on 127.0.0.1. A request must name that host, so that no foreign name can be
pointed here (DNS rebinding), carry the token, and, if it changes something, come from these very
pages (`Origin`). Nothing is cached, nothing is logged.
"""

import hmac
import secrets
import urllib.parse
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, get_args

from pipeline.errors import CurationError
from pipeline.reviewing import pages
from pipeline.reviewing.desk import Desk
from pipeline.reviewing.pairs import Verdict

LOOPBACK = "127.0.0.1"
MOST_BODY = 1 << 16
PATIENCE_S = 10.0
RIGHTS = {"right": True, "wrong": False, "": None}


class Server(HTTPServer):
    """Serves one desk, a request at a time.

    Args:
        desk: what is reviewed.
        port: 0 takes any free one.
    """

    def __init__(self, desk: Desk, port: int = 0) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.desk = desk
        self.token = secrets.token_urlsafe(32)
        place = f":{self.server_port}"
        self.hosts = {f"{LOOPBACK}{place}", f"localhost{place}"}

    @property
    def url(self) -> str:
        """The address of the first page; who knows it may read and judge."""
        return f"http://{LOOPBACK}:{self.server_port}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = PATIENCE_S
    server_version, sys_version = "curate", ""

    def do_GET(self) -> None:
        """A page, for those who know the token."""
        if (parts := self._entered()) is None:
            return
        desk = self.server.desk
        match parts:
            case [""]:
                self._send(pages.overview(desk))
            case ["item", number] if _is_in(number, len(desk.items)):
                self._send(pages.item(desk, int(number)))
            case ["pair", number] if _is_in(number, len(desk.drawn)):
                self._pair(int(number))
            case _:
                self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """A verdict; then the next page."""
        if (parts := self._entered()) is None:
            return
        origin = self.headers.get("Origin", "")
        if origin.removeprefix("http://") not in self.server.hosts or "://" not in origin:
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        size = self.headers.get("Content-Length", "")
        if not size.isascii() or not size.isdigit() or int(size) > MOST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        text = self.rfile.read(int(size)).decode("utf-8", "replace")
        form = urllib.parse.parse_qs(text, keep_blank_values=True, max_num_fields=1000)
        desk = self.server.desk
        match parts:
            case ["item", number] if _is_in(number, len(desk.items)):
                self._judge(int(number), form)
            case ["pair", number] if _is_in(number, len(desk.drawn)):
                self._compare(int(number), form)
            case _:
                self._refuse(HTTPStatus.NOT_FOUND)

    def _judge(self, number: int, form: dict[str, list[str]]) -> None:
        desk = self.server.desk
        said, kinds = form.get("said", [""])[0], form.get("left", [])
        if said not in {"nothing", "something"} or (said == "something") != bool(kinds):
            problem = "Say that nothing personal is left, or tick the kinds of what is."
            self._send(pages.item(desk, number, problem), HTTPStatus.BAD_REQUEST)
            return
        spans = range(len(desk.items[number].spans))
        rights = [RIGHTS.get(form.get(f"span-{at}", [""])[0]) for at in spans]
        try:
            desk.judge(number, kinds, rights, form.get("note", [""])[0])
        except CurationError as error:
            self._send(pages.fault(str(error)), HTTPStatus.BAD_REQUEST)
            return
        following = desk.open_item(number)
        self._go("" if following is None else f"item/{following}")

    def _compare(self, number: int, form: dict[str, list[str]]) -> None:
        desk = self.server.desk
        verdict: Any = form.get("verdict", [""])[0]
        if verdict not in get_args(Verdict):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        desk.compare(number, verdict, form.get("note", [""])[0])
        following = desk.open_pair(number)
        self._go("" if following is None else f"pair/{following}")

    def _pair(self, number: int) -> None:
        try:
            self._send(pages.pair(self.server.desk, number))
        except CurationError as error:
            self._send(pages.fault(str(error)))

    def _entered(self) -> list[str] | None:
        """The parts of the path behind the token; None, and refused, without the right one."""
        if self.headers.get("Host", "") not in self.server.hosts:
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        _, token, *parts = self.path.split("?", 1)[0].split("/")
        if not hmac.compare_digest(token.encode(), self.server.token.encode()) or not parts:
            self._refuse(HTTPStatus.NOT_FOUND)
            return None
        return parts

    def _go(self, path: str) -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", f"/{self.server.token}/{path}")
        self._end(0)

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self._send(pages.fault(status.phrase), status)

    def _send(self, text: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self._end(len(body))
        self.wfile.write(body)

    def _end(self, size: int) -> None:
        for name, value in (
            ("Content-Length", str(size)),
            ("Content-Security-Policy", pages.policy()),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "same-origin"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
        ):
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class has it)
        """Nothing: a path holds the token."""


def _is_in(number: str, count: int) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 8 and int(number) < count  # noqa: PLR2004
