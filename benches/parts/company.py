"""A company at work on a running system, made through its own actions by this process."""

import logging
import os
from dataclasses import dataclass
from typing import Any

from benches.harness import RunningVoronka
from voronka.cli.folder import DataFolder


@dataclass(frozen=True)
class Company:
    """`source_keys` by profile; `cookie` is the session of a signed-in manager who sees untaken inquiries."""

    source_keys: dict[str, str]
    cookie: str


def found_company(system: RunningVoronka, *, per_minute: int = 1_000_000) -> Company:
    """Found it, hire people, register a source of each profile whose limits are out of the way."""
    join(system)
    from django.test import Client

    from voronka.intake.actions import register_source
    from voronka.kernel import actor
    from voronka.presets import catalogue
    from voronka.process.actions import activate
    from voronka.testing.cast import hire_cast

    by = actor.system("bench")
    cast = hire_cast()
    activate(catalogue.text("quests"), by=by)
    keys = {}
    for profile in ("tilda", "json"):
        limits: dict[str, Any] = {"per_address": per_minute, "per_source": per_minute}
        source = register_source(by=by, title=f"Форма {profile}", profile=profile, brand=cast.brand, **limits)
        keys[profile] = source.key
    browser = Client()
    browser.force_login(cast.owner)
    return Company(source_keys=keys, cookie=f"sessionid={browser.cookies['sessionid'].value}")


def join(system: RunningVoronka) -> None:
    """Make this process the application on that system's base."""
    state, folder = system.state, DataFolder(system.data)
    os.environ.update(
        {
            "DATABASE_URL": state["app_url"],
            "VORONKA_DB_ROLE": state.get("role") or "",
            "VORONKA_DB_POOL": "",
            "VORONKA_DATA": str(system.data),
            "VORONKA_SECRET_KEY": folder.secrets()["secret_key"],
            "DJANGO_SETTINGS_MODULE": "voronka.settings",
        }
    )
    import django

    django.setup()
    logging.getLogger("httpx").setLevel(logging.WARNING)
