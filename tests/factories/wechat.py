"""As much of WeChat as a customer's browser and our server meet: the page that sends back, and who came."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

APP_ID, SECRET = "wx0123456789abcdef", "hush-hush-hush"
OPENID = "oABCD_1234567890-abcdefghijk"
PARAMETERS = ["appid", "redirect_uri", "response_type", "scope", "state"]


class WeChat:
    """Gives out codes that work once, for its own account and secret alone.

    `answers` are told instead, in order; the text "silence" is no answer before the asker has gone.
    """

    def __init__(self) -> None:
        self.codes: set[str] = set()
        self.used: set[str] = set()
        self.answers: list[object] = []
        self.asked: list[dict[str, str]] = []
        self.is_over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path)
                if path.path == "/connect/oauth2/authorize":
                    self.send_response(302)
                    self.send_header("Location", outer.sent_back(path.query))
                    self.end_headers()
                else:
                    self._tell(outer.told(dict(parse_qsl(path.query)), path.path))

            def _tell(self, answer: object) -> None:
                if answer == "silence":
                    outer.is_over.wait()
                    return
                self.send_response(200 if isinstance(answer, dict) else 404)
                self.end_headers()
                # A server that is another one may repeat all it was asked.
                self.wfile.write((json.dumps(answer) if isinstance(answer, dict) else self.path).encode())

            def log_message(self, *_: Any) -> None:
                """Nothing on the screen."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def options(self) -> dict[str, str]:
        """How our channel is set up to meet this WeChat."""
        page = f"{self.url}/connect/oauth2/authorize"
        return {"app_id": APP_ID, "endpoint": self.url, "authorize_url": page}

    def sent_back(self, query: str) -> str:
        """Where its page sends whoever agreed: parameters in another order are refused there."""
        given = parse_qs(query, strict_parsing=True)
        assert list(given) == PARAMETERS
        assert (given["appid"], given["scope"], given["response_type"]) == (
            [APP_ID],
            ["snsapi_base"],
            ["code"],
        )
        state = given["state"][0]
        assert state.isalnum()
        assert len(state) <= 128
        code = secrets.token_hex(16)
        self.codes.add(code)
        return f"{given['redirect_uri'][0]}?{urlencode({'code': code, 'state': state})}"

    def told(self, asked: dict[str, str], path: str) -> object:
        """Who a code stands for, or why it stands for nobody."""
        self.asked.append(asked)
        if self.answers:
            return self.answers.pop(0)
        code = asked.get("code", "")
        is_ours = (asked.get("appid"), asked.get("secret")) == (APP_ID, SECRET)
        if path != "/sns/oauth2/access_token" or asked.get("grant_type") != "authorization_code":
            return {"errcode": 40002, "errmsg": "invalid grant_type"}
        if not is_ours:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        if code in self.used:
            return {"errcode": 40163, "errmsg": "code been used"}
        if code not in self.codes:
            return {"errcode": 40029, "errmsg": "invalid code"}
        self.used.add(code)
        return {
            "access_token": "t", "expires_in": 7200, "refresh_token": "r", "openid": OPENID,
            "scope": "snsapi_base",
        }  # fmt: skip


@contextmanager
def wechat() -> Iterator[WeChat]:
    """It is there as long as it is used."""
    made = WeChat()
    server = made._server
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        made.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
