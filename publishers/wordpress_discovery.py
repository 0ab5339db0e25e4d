"""What stands behind an address somebody has pasted: step by step, in plain words, nothing changed, nobody signed in.

Only GET is used, and one XML-RPC question that has no effect. See `wordpress_guard` for where we go at all. Each
answer may take `PATIENCE` seconds and 16 MB; all of them together `ALL_OF_IT` seconds.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit
from xmlrpc.client import Fault

import requests
from urllib3.exceptions import HTTPError

from config import Finding
from publishers.wordpress_check import skew
from publishers.wordpress_guard import NotAllowed, Resolve, guard, resolved
from publishers.wordpress_wire import Answer, Wire
from publishers.wordpress_xmlrpc_check import NEEDED
from publishers.wordpress_xmlrpc_wire import Unreadable, unmarshalled

PATIENCE = 10.0
ALL_OF_IT = 60.0
HOPS = 5
INDEX = "_fields=name,url,home,gmt_offset,timezone_string,namespaces,authentication"
ASKS = b'<?xml version="1.0"?><methodCall><methodName>system.listMethods</methodName><params/></methodCall>'
AGENT = {"User-Agent": "Redaksi", "Accept": "text/html,application/json;q=0.9,*/*;q=0.5"}
CERTIFICATE = {
    10: "sertifikatnya sudah kedaluwarsa",
    18: "sertifikatnya dibuat sendiri, jadi tidak dijamin siapa pun",
    19: "sertifikatnya dijamin oleh pihak yang tidak dikenal",
    20: "rantai sertifikatnya tidak lengkap (fullchain belum dipasang)",
    21: "rantai sertifikatnya tidak lengkap (fullchain belum dipasang)",
    62: "sertifikatnya untuk nama situs lain",
}
"""By OpenSSL's number of what is wrong (X509_V_ERR_…)."""
OFF = (
    "Kata sandi aplikasi dimatikan di situs ini. Minta pengelola menyalakannya (Wordfence: Login Security → Settings; "
    "situs juga harus memakai https)."
)
OLD = (
    "WordPress versi ini belum mengenal kata sandi aplikasi (ada sejak 5.6). Minta pengelola memperbaruinya."
)


@dataclass(frozen=True)
class Found:
    """What was found out."""

    steps: tuple[Finding, ...] = ()
    kinds: tuple[str, ...] = ()
    """What it can be connected as, the best first; empty when nothing was reached."""
    url: str = ""
    title: str = ""
    endpoint: str = ""
    """Of XML-RPC, where it is not at its usual place."""
    authorize: str = ""
    """WordPress' own page that hands out an application password."""
    zone: str = ""
    version: str = ""
    inside: bool = False
    """It lies in a private network, and nobody has said yet that it is meant."""


class _Stop(Exception):
    """The look ends here; the last step says why."""


def discover(
    address: str, *, now: Callable[[], datetime], inside: bool = False, resolve: Resolve = resolved
) -> Found:
    """Look at an address as a visitor does. `inside` says that a private network is meant. Raises nothing."""
    look = _Look(now, inside, resolve)
    try:
        look.all(address)
    except _Stop:
        pass  # told in the steps
    except NotAllowed as error:
        look.say("alamat", False, str(error))
        look.found = replace(look.found, inside=error.inside)
    finally:
        look.wire.hang_up()
    return replace(look.found, steps=tuple(look.steps))


class _Look:
    def __init__(self, now: Callable[[], datetime], inside: bool, resolve: Resolve) -> None:
        self.now, self.inside, self.resolve = now, inside, resolve
        self.wire = Wire(PATIENCE)
        self.until = time.monotonic() + ALL_OF_IT
        self.steps: list[Finding] = []
        self.found = Found()

    def say(self, what: str, ok: bool, sentence: str) -> None:
        self.steps.append(Finding(what, ok, sentence))

    def all(self, address: str) -> None:
        url, page = self._reach(address)
        marks = _Marks(page)
        self._clock(page)
        index, root = self._rest(url, marks)
        base = _base(root) or _base(marks.rsd) or f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
        wordpress = bool(root or marks.wordpress)
        self.found = replace(
            self.found, url=base, version=marks.version, title=str(index.get("name") or marks.title)[:100]
        )
        if not wordpress:
            self.say("WordPress", False, "Tidak ada tanda WordPress di alamat ini.")
            self._choose(False, False)
            return
        told = f"versi {marks.version}" if marks.version else "nomor versinya tidak disebut situs"
        self.say("WordPress", True, f"Situs ini memakai WordPress ({told}).")
        # An API that is closed to visitors may well be open to those who sign in.
        rest = self._facts(index, base) if index else bool(root)
        self._choose(rest, self._xmlrpc(base, marks))

    # The steps

    def _reach(self, address: str) -> tuple[str, Answer]:
        """Return where the address leads in the end, and the page there."""
        words = address.strip()
        typed = words if re.match(r"(?i)https?://", words) else f"https://{words}"
        first = _without_scheme(typed)
        try:
            url, page = self._follow(typed.partition("#")[0])
        except (requests.ConnectionError, HTTPError) as error:
            if typed == words or _certificate(error) is not None:
                self._unreached(typed, error)
            try:
                url, page = self._follow(f"http://{words}")
            except (requests.RequestException, HTTPError) as worse:
                self._unreached(typed, worse)
        except requests.RequestException as error:
            self._unreached(typed, error)
        if page.status >= 500:
            self.say("sambungan", False, f"Situs menjawab dengan galat {page.status}. Coba lagi nanti, atau tanyakan pengelolanya.")  # fmt: skip
            raise _Stop
        self.say("sambungan", True, f"{urlsplit(url).hostname} menjawab.")
        if _without_scheme(url).partition("/")[0] != first.partition("/")[0]:
            self.say(
                "alamat", True, f"Alamat yang sebenarnya: {urlsplit(url).scheme}://{urlsplit(url).netloc}"
            )
        self._security(url)
        return url, page

    def _security(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme == "https":
            self.say("https", True, "Sambungan aman dan sertifikatnya sah.")
        elif parts.hostname in ("127.0.0.1", "localhost", "::1"):
            self.say("https", True, "Tanpa https, tetapi situsnya di komputer ini sendiri.")
        else:
            self.say(
                "https",
                False,
                "Situs dibuka tanpa https, jadi kata sandi akan terkirim tanpa pengaman. Minta pengelola memasang "
                "sertifikat (gratis: Let's Encrypt), lalu ulangi.",
            )

    def _clock(self, page: Answer) -> None:
        try:
            shown = parsedate_to_datetime(page.headers.get("Date", ""))
        except ValueError:
            return
        sentence = skew(shown, self.now())
        self.say("jam", not sentence, sentence or "Jam situs sama dengan jam komputer ini.")

    def _rest(self, url: str, marks: _Marks) -> tuple[dict[str, Any], str]:
        """Return what the REST API says of itself, and where it is."""
        origin = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
        base = _base(marks.rsd) or origin
        roots = [marks.rest, f"{base}/wp-json/", f"{base}/?rest_route=/"]
        wall = 0
        for root in dict.fromkeys(filter(None, roots)):
            answer = self._try(root + ("&" if "?" in root else "?") + INDEX)
            data = answer.json if answer else None
            if isinstance(data, dict) and "wp/v2" in (data.get("namespaces") or ()):
                self.say("REST API", True, f"Ditemukan di {root}")
                return data, root
            if isinstance(data, dict) and answer and answer.status in (401, 403) and "code" in data:
                self.say(
                    "REST API",
                    False,
                    "REST API ditutup untuk yang belum masuk (biasanya oleh plugin keamanan), jadi keadaannya tidak "
                    "dapat dilihat dari luar. Masih mungkin dipakai setelah masuk.",
                )
                return {}, root
            if answer and answer.status in (403, 406, 429, 503):
                wall = wall or answer.status
        if marks.wordpress and wall:
            self.say("REST API", False, f"Pengaman di depan situs menolak kita ({wall}). Minta pengelola mengizinkan alamat internet kantor untuk /wp-json/ (Wordfence, Cloudflare, mod_security).")  # fmt: skip
        elif marks.wordpress:
            self.say("REST API", False, "REST API tidak ditemukan. Biasanya ditutup plugin keamanan; minta pengelola membuka /wp-json/.")  # fmt: skip
        return {}, ""

    def _facts(self, index: dict[str, Any], base: str) -> bool:
        """Tell what the index says; return whether application passwords are on."""
        zone = str(index.get("timezone_string") or "")
        told = zone or f"UTC{float(index.get('gmt_offset') or 0):+g}"
        self.say("zona waktu", True, f"Zona waktu situs: {told[:60]}")
        self.found = replace(self.found, zone=zone[:60])
        home = str(index.get("home") or base).rstrip("/")
        if _without_scheme(home) != _without_scheme(base):
            self.say(
                "alamat WordPress", True, f"WordPress menyebut alamatnya {home[:200]}; kita memakai {base}."
            )
        told_of = index.get("authentication")
        offered = told_of.get("application-passwords") if isinstance(told_of, dict) else None
        if offered is None:
            self.say("kata sandi aplikasi", False, OLD if _older(self.found.version, (5, 6)) else OFF)
            return False
        self.say("kata sandi aplikasi", True, "Kata sandi aplikasi menyala.")
        page = offered.get("endpoints", {}).get("authorization", "") if isinstance(offered, dict) else ""
        if urlsplit(str(page)).netloc == urlsplit(base).netloc:
            self.found = replace(self.found, authorize=str(page))
        return True

    def _xmlrpc(self, base: str, marks: _Marks) -> bool:
        endpoint = marks.rsd or f"{base}/xmlrpc.php"
        answer = self._try(endpoint, ASKS)
        try:
            methods = unmarshalled(answer.body)[0] if answer and answer.status == 200 else []
        except (Unreadable, Fault):
            methods = []
        if isinstance(methods, list) and set(NEEDED) <= {str(one) for one in methods}:
            self.say("XML-RPC", True, "XML-RPC terbuka.")
            usual = f"{base}/xmlrpc.php"
            self.found = replace(self.found, endpoint="" if endpoint == usual else endpoint)
            return True
        self.say("XML-RPC", True, "XML-RPC ditutup. Tidak apa-apa selama REST API dapat dipakai.")
        return False

    def _choose(self, rest: bool, xmlrpc: bool) -> None:
        """Say what the site can be connected as."""
        kinds = ["assisted"]
        if all(step.ok for step in self.steps if step.subject == "https"):
            kinds = ["wordpress"] * rest + ["wordpress-xmlrpc"] * xmlrpc + kinds
        told = {
            "wordpress": "Dapat disambungkan lewat REST API dengan kata sandi aplikasi.",
            "wordpress-xmlrpc": "Dapat disambungkan lewat XML-RPC, cara WordPress yang lama.",
            "assisted": "Redaksi tidak dapat mengirim sendiri ke situs ini. Situs tetap dapat didaftarkan sebagai situs "
            "berbantuan: naskah dan foto disiapkan, petugas menayangkannya, dan Redaksi memeriksa hasilnya.",
        }[kinds[0]]
        self.say("kesimpulan", kinds[0] != "assisted", told)
        self.found = replace(self.found, kinds=tuple(kinds))

    # How it is asked

    def _follow(self, url: str) -> tuple[str, Answer]:
        for _ in range(HOPS + 1):
            answer = self._ask(url)
            if not 300 <= answer.status < 400 or "Location" not in answer.headers:
                return url, answer
            url = urljoin(url, answer.headers["Location"]).partition("#")[0]
        self.say("sambungan", False, f"Situs mengalihkan lebih dari {HOPS} kali dan tidak pernah sampai. Minta pengelola memeriksa pengalihannya.")  # fmt: skip
        raise _Stop

    def _try(self, url: str, body: bytes | None = None) -> Answer | None:
        """Ask for something that may not be there."""
        try:
            return self._ask(url, body)
        except (requests.RequestException, HTTPError, NotAllowed):
            return None

    def _ask(self, url: str, body: bytes | None = None) -> Answer:
        guard(url, self.inside, self.resolve)
        if time.monotonic() > self.until:
            self.say("sambungan", False, "Situs terlalu lambat menjawab. Coba lagi nanti.")
            raise _Stop
        if body is None:
            return self.wire.send("GET", url, auth=None, headers=AGENT)
        headers = {**AGENT, "Content-Type": "text/xml"}
        return self.wire.send("POST", url, auth=None, headers=headers, data=body)

    def _unreached(self, url: str, error: Exception) -> None:
        """Say why nothing was reached, and end."""
        host = urlsplit(url).netloc
        wrong = _certificate(error)
        if wrong is not None:
            why = CERTIFICATE.get(wrong, "sertifikatnya tidak sah")
            self.say("https", False, f"Sambungan ke {host} tidak aman: {why}. Minta pengelola situs memperbaruinya, lalu ulangi.")  # fmt: skip
        elif "NameResolutionError" in repr(error):
            self.say("sambungan", False, f"Alamat {host} tidak ditemukan. Periksa penulisannya dan sambungan internet kantor.")  # fmt: skip
        elif isinstance(error, requests.Timeout):
            self.say(
                "sambungan", False, f"{host} tidak menjawab dalam {PATIENCE:.0f} detik. Coba lagi nanti."
            )
        else:
            self.say(
                "sambungan", False, f"{host} tidak dapat dihubungi. Periksa alamatnya, atau coba lagi nanti."
            )
        raise _Stop


class _Marks(HTMLParser):
    """What a page tells of the program that made it."""

    def __init__(self, page: Answer) -> None:
        super().__init__()
        self.rest, self.rsd, self.version, self.title = "", "", "", ""
        self._in_title = False
        text = page.body[:2_000_000].decode("utf-8", "replace")
        self.wordpress = "/wp-content/" in text or "/wp-includes/" in text
        linked = requests.utils.parse_header_links(page.headers.get("Link", ""))
        self.rest = next((one["url"] for one in linked if one.get("rel") == "https://api.w.org/"), "")
        self.feed(text)
        self.wordpress = self.wordpress or bool(self.rest or self.version)
        self.title = " ".join(self.title.split())[:100]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "link" and told.get("rel") == "https://api.w.org/":
            self.rest = self.rest or told.get("href", "")
        elif tag == "link" and told.get("rel", "").lower() == "edituri":
            self.rsd = told.get("href", "").partition("?")[0]
        elif tag == "meta" and told.get("name", "").lower() == "generator":
            named = re.match(r"WordPress ?([\d.]{0,12})", told.get("content", ""))
            if named:
                self.version, self.wordpress = named[1], True
        self._in_title = tag == "title" and not self.title

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False


def _base(link: str) -> str:
    """Return the site's address from that of its REST API or of its xmlrpc.php."""
    return re.sub(r"/(wp-json/?|xmlrpc\.php|(index\.php/?)?\?rest_route=/?)$", "", link) if link else ""


def _older(version: str, than: tuple[int, int]) -> bool:
    """Say whether a version is known to be older."""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
    return bool(numbers) and numbers < than


def _without_scheme(url: str) -> str:
    return url.partition("://")[2].rstrip("/").lower()


def _certificate(error: Exception) -> int | None:
    """Return the number of what is wrong with a certificate, None when it is something else."""
    seen: list[Any] = [error]
    while seen:
        one = seen.pop()
        if isinstance(one, ssl.SSLCertVerificationError):
            return int(one.verify_code)
        inner = [*getattr(one, "args", ()), getattr(one, "reason", None)]
        seen += [error for error in inner if isinstance(error, Exception)]
    return None
