"""A running system on a generated company, kept between measurements: making a million deals takes minutes."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benches.harness import ROOT, RunningVoronka, running_voronka
from benches.parts.company import join

#: Who looks: logins of the demo company.
MANAGER, HEAD, NOBODY = "maria", "oleg", "inga"


@dataclass(frozen=True)
class Viewer:
    """Somebody signed in: the cookie, the id, and the tokens of the gate (none: everything)."""

    login: str
    id: int
    cookie: str
    reach: list[str] | None


@contextmanager
def filled_voronka(deals: int) -> Iterator[RunningVoronka]:
    """The company of so many deals."""
    with running_voronka(data=filled_folder(deals), keep=True) as system:
        yield system


def filled_folder(deals: int) -> Path:
    """Its folder: made now unless an earlier run has left it; VORONKA_BENCH_DATA holds them."""
    shelf = Path(os.environ.get("VORONKA_BENCH_DATA") or tempfile.gettempdir())
    folder = shelf / f"voronka-generated-{deals}"
    made = folder / "generated"
    if not made.exists():
        command = [sys.executable, "-m", "voronka", "generate", "--deals", str(deals), "--data", str(folder)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        made.touch()
    return folder


def sign_in(system: RunningVoronka, *logins: str) -> list[Viewer]:
    """Sessions of these people of the company."""
    join(system)
    from django.db import connections
    from django.test import Client

    from voronka.kernel.access import EVERYTHING
    from voronka.staff.models import Person

    connections.close_all()
    viewers = []
    for login in logins:
        person = Person.objects.get(email=f"{login}@demo.example")
        browser = Client()
        browser.force_login(person)
        reach = None if EVERYTHING in person.reach else sorted(person.reach)
        viewers.append(Viewer(login, person.pk, f"sessionid={browser.cookies['sessionid'].value}", reach))
    connections.close_all()
    return viewers
