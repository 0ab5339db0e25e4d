from allauth.account import signals as account
from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "web"

    def ready(self) -> None:
        from allauth.mfa import signals as mfa

        from web import (
            accounts,
            checks,  # noqa: F401 - registers the system checks, which need the app registry
        )

        account.user_logged_in.connect(accounts.signed_in)
        account.password_changed.connect(accounts.password_changed)
        mfa.authentication_failed.connect(accounts.factor_failed)
        mfa.authenticator_added.connect(accounts.factor_added)
        mfa.authenticator_removed.connect(accounts.factor_removed)
        mfa.authenticator_reset.connect(accounts.factor_renewed)
