"""What is known of the providers addresses are at: servers and the way in. Nothing is asked over the network."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Provider:
    name: str
    imap: str = ""
    smtp: str = ""
    grant: str = ""
    """The provider of the settings' `oauth` where passwords are refused or a grant is an alternative."""
    password: bool = True
    """Whether it takes a password at all."""


GOOGLE = Provider("google", "imap.gmail.com", "smtp.gmail.com", "google")
MICROSOFT = Provider("microsoft", "outlook.office365.com", "smtp.office365.com", "microsoft", password=False)
YAHOO = Provider("yahoo", "imap.mail.yahoo.com", "smtp.mail.yahoo.com")
NAMED = {provider.name: provider for provider in (GOOGLE, MICROSOFT, YAHOO)}
_DOMAINS = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), GOOGLE),
    **dict.fromkeys(
        ("outlook.com", "outlook.co.id", "hotmail.com", "live.com", "msn.com", "office365.com"), MICROSOFT
    ),
    **dict.fromkeys(("yahoo.com", "yahoo.co.id", "ymail.com", "rocketmail.com"), YAHOO),
}


def provider_of(address: str, told: str = "") -> Provider:
    """Return the provider of an address: the one told by name, else by its domain, else a server of its own.

    Zimbra, cPanel and most offices' servers are called `mail.` and the domain.
    """
    if told in NAMED:
        return NAMED[told]
    domain = address.strip().rpartition("@")[2].lower()
    if domain in _DOMAINS:
        return _DOMAINS[domain]
    server = f"mail.{domain}" if "." in domain else ""
    return Provider("lain", server, server)
