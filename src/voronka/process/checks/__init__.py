"""What a typed document may still get wrong. Each check is a function of the process that yields findings.

`CHECKS` need the document alone; `COMPANY_CHECKS` also what the company has: people of a role, channels.
"""

from collections.abc import Callable, Iterable, Iterator

from ..schema import Process
from . import company, effects, funnels, references, rules
from ._base import MISTAKE, WARNING, Company, Cure, Finding

CHECKS: tuple[Callable[[Process], Iterable[Finding]], ...] = (
    references.doubled_keys,
    references.dangling_references,
    references.conditions_can_be_asked,
    funnels.funnels_lead_somewhere,
    funnels.stages_are_reached,
    funnels.losses_have_reasons,
    funnels.inquiries_have_a_way,
    funnels.somebody_manages,
    funnels.stages_have_terms,
    rules.rules_can_fire,
    rules.conditions_can_hold,
    rules.tasks_to_close_are_made,
    rules.moves_are_possible,
    rules.tasks_are_not_doubled,
    effects.nothing_is_undone,
    effects.loops_are_meant,
)

COMPANY_CHECKS: tuple[Callable[[Process, Company], Iterable[Finding]], ...] = (
    company.roles_have_people,
    company.channels_are_set_up,
    company.hooks_are_there,
)


def run(process: Process, company: Company | None = None) -> Iterator[Finding]:
    """Everything found, mistakes and warnings. Without a company only what the document itself tells."""
    for check in CHECKS:
        yield from check(process)
    for ask in COMPANY_CHECKS if company else ():
        yield from ask(process, company)  # type: ignore[arg-type]


__all__ = ["MISTAKE", "WARNING", "Company", "Cure", "Finding", "run"]
