"""Signing in by another office's account: the whole product and a small provider of our own, over HTTP."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests

from tests.real.chromium import PASSWORD, SETTINGS, Product

pytestmark = pytest.mark.real


class Provider:
    """A provider of OpenID Connect that signs in, unasked, whom it is told to."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {}
        self.forms: list[dict[str, str]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        if path.endswith("/openid-configuration"):
            ends = {"authorization": "masuk", "token": "token", "userinfo": "orang"}
            told = {f"{name}_endpoint": f"{self.url}/{place}" for name, place in ends.items()}
            return {**told, "issuer": self.url, "jwks_uri": f"{self.url}/kunci"}
        if path == "/token":
            self.forms.append(form)
            now = int(time.time())
            claims = {"iss": self.url, "aud": "redaksi", "iat": now, "exp": now + 60, **self.person}
            token = jwt.encode(claims, "kunci penyedia yang panjang sekali, untuk uji", algorithm="HS256")
            return {"access_token": "x", "token_type": "Bearer", "id_token": token}
        return self.person

    def _handler(provider) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                form = {name: values[0] for name, values in parse_qs(parts.query).items()}
                if parts.path == "/masuk":
                    back = urlencode({"code": "kode", "state": form["state"]})
                    self.send_response(302)
                    self.send_header("Location", f"{form['redirect_uri']}?{back}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self._send(provider.answer(parts.path, form))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._send(provider.answer(urlsplit(self.path).path, form))

            def _send(self, answer: dict[str, Any]) -> None:
                data = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def provider() -> Iterator[Provider]:
    made = Provider()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        thread.join()
        made.server.server_close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Provider]]:
    with provider() as other:
        folder: Path = tmp_path_factory.mktemp("oidc")
        wanted = (
            f"issuer: '{other.url}', client_id: redaksi, client_secret_env: UJI_SANDI, title: Akun Pemkot"
        )
        with Product(folder, f"{SETTINGS}signin: {{{{oidc: {{{{{wanted}}}}}}}}}\n") as product:
            product.person("rahma", "editor")
            product.command("person", "rahma", "--email", "Rahma@kota.contoh.example")
            yield product, other


def sign_in(product: Product) -> requests.Response:
    with requests.Session() as visitor:
        door = visitor.get(f"{product.url}/masuk/", timeout=20)
        assert "Masuk dengan Akun Pemkot" in door.text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', door.text)
        assert token
        form = {"csrfmiddlewaretoken": token[1]}
        return visitor.post(f"{product.url}/masuk/kantor/", form, timeout=20)


def person(sub: str, email: str, *, verified: bool = True) -> dict[str, Any]:
    return {"sub": sub, "email": email, "email_verified": verified, "name": "Siapa Saja"}


def test_only_a_person_of_the_office_gets_in_and_only_by_a_verified_address(
    office: tuple[Product, Provider],
) -> None:
    product, other = office
    other.person = person("1", "orang@lain.example")
    assert "belum terdaftar di kantor ini" in sign_in(product).text
    other.person = person("2", "rahma@kota.contoh.example", verified=False)
    assert "alamat surel yang terverifikasi" in sign_in(product).text
    other.person = person("3", "rahma@kota.contoh.example")
    answer = sign_in(product)
    assert answer.url.endswith("/antrean/"), answer.text[:500]
    assert "Rahma" in answer.text
    assert other.forms[-1]["client_secret"] == PASSWORD and other.forms[-1]["code_verifier"]
    other.person = person("3", "nama-baru@kota.contoh.example")
    assert sign_in(product).url.endswith("/antrean/"), "known by the provider's number from now on"


def test_following_a_link_to_the_provider_starts_nothing(office: tuple[Product, Provider]) -> None:
    product, _other = office
    answer = requests.get(f"{product.url}/masuk/kantor/", timeout=20, allow_redirects=False)
    assert answer.status_code in (302, 405), answer.text[:300]
    assert answer.headers.get("Location", "/masuk/").startswith("/masuk/")


def test_the_browser_may_follow_the_sign_in_form_to_the_provider_only(
    office: tuple[Product, Provider],
) -> None:
    product, other = office
    policy = requests.get(f"{product.url}/masuk/", timeout=20).headers["Content-Security-Policy"]
    assert f"form-action 'self' {other.url};" in policy
