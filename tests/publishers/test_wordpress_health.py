"""Which errors are the site's as a whole, and which may be one story's."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from config import SettingsError
from publishers import PublishError, Refused, SiteAway, SiteRefused, Unreachable
from publishers.wordpress_api import Api, SiteFault, TurnedAway
from publishers.wordpress_objects import RemotePost
from publishers.wordpress_xmlrpc_api import XmlRpcApi
from tests.ports import free_port
from tests.publishers.test_wordpress_answers import NOW, URL, WALL, api, fault, read, site, written

__all__ = ["site"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_is_busy_is_away_for_every_story_and_a_write_keeps_its_intent(
    site: responses.RequestsMock, status: int
) -> None:
    error = written(site, status=status, body=WALL, content_type="text/html")
    assert isinstance(error, SiteAway)
    assert isinstance(error, TurnedAway)
    assert isinstance(read(site, **fault("busy", status)), SiteAway)


@pytest.mark.parametrize("answer", [{"status": 403, "body": WALL}, {"status": 500, "body": "x"}])
def test_what_may_be_about_this_story_is_not_said_of_the_site(
    site: responses.RequestsMock, answer: dict[str, Any]
) -> None:
    error = read(site, content_type="text/html", **answer)
    assert isinstance(error, Unreachable)
    assert not isinstance(error, SiteAway)


def test_a_port_where_nobody_listens_is_a_site_away() -> None:
    with pytest.raises(SiteAway, match="tidak dapat dihubungi"):
        api(f"http://127.0.0.1:{free_port()}").many(RemotePost, "/wp/v2/posts")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("incorrect_password", 401),
        ("sebuah_plugin", 401),
        ("rest_cannot_publish", 403),
        ("rest_no_route", 404),
    ],
)
def test_a_lost_login_or_role_or_interface_is_the_sites(
    site: responses.RequestsMock, code: str, status: int
) -> None:
    error = written(site, **fault(code, status))
    assert isinstance(error, SiteRefused)
    assert isinstance(error, SiteFault)


@pytest.mark.parametrize(
    ("code", "status"),
    [("rest_cannot_edit_others", 403), ("db_insert_error", 500), ("rest_invalid_param", 400)],
)
def test_a_refusal_of_one_story_is_not(site: responses.RequestsMock, code: str, status: int) -> None:
    error = written(site, **fault(code, status))
    assert isinstance(error, Refused)
    assert not isinstance(error, SiteRefused)


def test_an_address_that_redirects_and_one_without_an_interface_are_the_sites() -> None:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(f"{URL}/wp-json/", status=301, headers={"Location": "https://www.contoh.go.id/wp-json/"})
        mock.get(f"{URL}/", status=301, headers={"Location": "https://www.contoh.go.id/"})
        with pytest.raises(SiteRefused, match="mengalihkan"):
            api().index()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(f"{URL}/wp-json/", status=404, body="x")
        mock.get(f"{URL}/", status=200, body="<html>")
        with pytest.raises(SiteRefused, match="tidak ada REST API"):
            api().index()


def test_a_password_that_cannot_be_read_is_the_sites() -> None:
    def gone() -> str:
        raise SettingsError("berkas sandi tidak ada")

    made = Api("Situs Kota", URL, "redaksi", gone, 5, 120, lambda: NOW)
    made.memory.keep("root", f"{URL}/wp-json")
    with pytest.raises(SiteRefused, match="berkas sandi tidak ada"):
        made.one(RemotePost, "/wp/v2/posts/1")


@pytest.mark.parametrize(("number", "whole"), [(403, True), (405, True), (401, False), (404, False)])
def test_a_fault_of_xml_rpc_is_the_sites_when_it_is_about_login_or_interface(
    number: int, whole: bool
) -> None:
    body = (
        "<?xml version='1.0'?><methodResponse><fault><value><struct><member><name>faultCode</name>"
        f"<value><int>{number}</int></value></member><member><name>faultString</name>"
        "<value><string>x</string></value></member></struct></value></fault></methodResponse>"
    )
    with responses.RequestsMock() as mock:
        mock.post(f"{URL}/xmlrpc.php", body=body, content_type="text/xml")
        with pytest.raises(PublishError) as caught:
            XmlRpcApi("Situs Kota", URL, "redaksi", lambda: "rahasia", 5, 120, lambda: NOW).read(1)
    assert isinstance(caught.value, SiteFault)
    assert isinstance(caught.value, SiteRefused) is whole
