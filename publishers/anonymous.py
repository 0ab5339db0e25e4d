"""What every line to a site shares: one answer for one request, and nobody's password on the way."""

from __future__ import annotations

import requests


class OneAnswer(requests.Session):
    """Leaves redirects to us: requests would read a redirect's whole body, however long it is."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Anonymous(requests.auth.AuthBase):
    """Keeps requests from taking a password out of a .netrc file."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request
