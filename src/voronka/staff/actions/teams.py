from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.kernel.events import Refs, record
from voronka.staff.models import Team
from voronka.staff.rights import STAFF_AUDIENCE, require_manage


def make_team(*, by: Actor, name: str) -> Team:
    """A new team. Raises FieldErrors, Refusal."""
    require_manage(by)
    with transaction.atomic():
        team = _named(Team(), name)
        _record("team.made", team, by)
    return team


def rename_team(team: Team, *, by: Actor, name: str) -> Team:
    require_manage(by)
    with transaction.atomic():
        team = _named(team, name)
        _record("team.renamed", team, by)
    return team


def remove_team(team: Team, *, by: Actor) -> None:
    """Its people stay, without a team."""
    require_manage(by)
    with transaction.atomic():
        _record("team.removed", team, by)
        team.delete()


def _named(team: Team, name: str) -> Team:
    team.name = name.strip()
    if not team.name:
        raise FieldErrors({"name": _("Write the name of the team.")})
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as error:
        raise FieldErrors({"name": _("There is a team with this name already.")}) from error
    return team


def _record(kind: str, team: Team, by: Actor) -> None:
    record(kind, Refs(audience=STAFF_AUDIENCE), by=by, data={"team": team.pk, "name": team.name})
