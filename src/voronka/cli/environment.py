"""The environment our Django code runs in, the same for every way of starting it."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from voronka.cli.addresses import Addresses
from voronka.cli.console import Failure
from voronka.cli.database import outside
from voronka.cli.folder import DataFolder, default_folder
from voronka.cli.words import _

SUPERVISED = "VORONKA_SUPERVISED"
# Signs nothing that lasts: only for commands that serve nobody, such as makemigrations.
NOBODYS_KEY = "no-key-is-needed-for-commands-that-serve-nobody"


def named_folder(name: str | None = None) -> DataFolder:
    """The data folder of --data, of VORONKA_DATA, or the usual one."""
    given = name or os.environ.get("VORONKA_DATA")
    return DataFolder(Path(given) if given else default_folder())


def application_environment(
    folder: DataFolder, addresses: Addresses, *, base_url: str, secret_key: str
) -> dict[str, str]:
    """For web and worker under the supervisor."""
    base_url = os.environ.get("VORONKA_BASE_URL") or base_url
    host = urlsplit(os.environ.get("VORONKA_BASE_URL", "")).hostname
    hosts = os.environ.get("VORONKA_HOSTS") or (f"{host},localhost,127.0.0.1" if host else "*")
    return {
        **os.environ,
        **addresses.environment(),
        "DJANGO_SETTINGS_MODULE": "voronka.settings",
        "PYTHONUNBUFFERED": "1",
        "VORONKA_DATA": str(folder.path),
        "VORONKA_SECRET_KEY": os.environ.get("VORONKA_SECRET_KEY") or secret_key,
        "VORONKA_HOSTS": hosts,
        "VORONKA_BASE_URL": base_url,
        SUPERVISED: "1",
    }


def become_application() -> None:
    """Set this process up as a lone web server or worker, unless a supervisor has done it already."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voronka.settings")
    if SUPERVISED in os.environ:
        return
    addresses = outside()
    if addresses is None:
        raise Failure(
            _("DATABASE_URL is not set."),
            remedy=_("web and worker alone need an outside PostgreSQL; `voronka up` brings its own."),
        )
    folder = named_folder()
    known = folder.path / "secrets.json"
    if not os.environ.get("VORONKA_SECRET_KEY") and not known.exists():
        raise Failure(
            _("VORONKA_SECRET_KEY is not set and {path} does not exist.").format(path=known),
            remedy=_("All hosts need the same key: any 50 random characters, set on each of them."),
        )
    key = os.environ.get("VORONKA_SECRET_KEY") or folder.secrets()["secret_key"]
    os.environ.update(application_environment(folder, addresses, base_url="", secret_key=key))


def become_owner(folder: DataFolder) -> None:
    """Set this process up for management commands: on the outside base, or on the folder's running one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voronka.settings")
    os.environ.setdefault("VORONKA_SECRET_KEY", NOBODYS_KEY)
    os.environ.setdefault("VORONKA_DATA", str(folder.path))
    addresses = outside() or folder.running_addresses()
    if addresses:
        os.environ.update(addresses.owner_environment())
