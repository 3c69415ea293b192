"""`voronka messages [AREA]`: extract the texts of the areas and update their translations."""

from voronka.cli.catalogues import areas, compile_stale, faults, update
from voronka.cli.console import Failure, say
from voronka.cli.words import _


def main(arguments: list[str]) -> int:
    known = areas()
    wanted = [area for area in known if not arguments or area.name in arguments]
    if missing := set(arguments) - {area.name for area in known}:
        raise Failure(
            _("No such area: {names}.").format(names=", ".join(sorted(missing))),
            remedy=_("Areas: {names}").format(names=", ".join(area.name for area in known)),
        )
    for area in wanted:
        changed = update(area)
        open_ends = sum(1 for _fault in faults(area))
        if changed or open_ends:
            say(f"{area.name}: {area.po}" + (f" ({_('to translate')}: {open_ends})" if open_ends else ""))
    compile_stale()
    return 0
