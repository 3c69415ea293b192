"""The work of an import: reading the file into its book, looking at its rows, bringing them in.

Rows are brought in chunk by chunk. What a chunk writes, what became of its rows and how far the import is are one
transaction: a worker that is killed loses nothing and does nothing twice.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.rows import insert_many

from . import book
from .draft import Draft, Reader
from .exports import known_export, with_export
from .guess import guesses, norm
from .models import Habit, Import, Row
from .plan import Plan, Planner
from .readers import Unreadable, open_rows
from .settings import Settings
from .targets import targets
from .telling import tell_ended
from .write import write
from .written import Hand, Written

log = logging.getLogger("voronka.imports")

#: Rows of one transaction: long enough for sets to pay, short enough that nobody waits for it.
CHUNK = 500
#: So many rows the preview looks at; what they would make is held in memory.
CHECKED = 100_000
#: Rows by which columns are guessed.
SAMPLES = 200
#: How often reading says how far it is.
TOLD = 5_000
LONG = timedelta(seconds=20)


class Words:
    """The different texts of each column, while they are few."""

    MOST = 60

    def __init__(self, width: int) -> None:
        self._texts: dict[int, set[str]] = {place: set() for place in range(width)}

    def see(self, cells: Sequence[str]) -> None:
        for place in list(self._texts):
            if place < len(cells) and cells[place]:
                self._texts[place].add(cells[place])
                if len(self._texts[place]) > self.MOST:
                    del self._texts[place]

    @property
    def found(self) -> dict[str, list[str]]:
        return {str(place): sorted(texts) for place, texts in self._texts.items() if texts}


def read(pk: int) -> None:
    """The file into rows of one form, then what each column may be."""
    one = import_of(pk)
    if one.state != Import.State.READING:
        return
    with in_the_language_of(one):
        try:
            _read(one)
        except Unreadable as no:
            Import.objects.filter(pk=pk).update(state=Import.State.FAILED, error=str(no))
            return
    check(pk)


def _read(one: Import) -> None:
    with one.file.open("rb") as kept:
        file = kept.file
        form, rows = open_rows(file, one.title)
        numbered = ((number, row) for number, row in enumerate(rows, 1))
        _number, heads = next(((number, row) for number, row in numbered if any(row)), (0, []))
        if not heads:
            raise Unreadable(_("The file is empty."))
        samples: list[list[str]] = []
        words = Words(len(heads))
        total, name = 0, f"{one.file.name}.book"
        for cells in book.write(name, numbered):
            total += 1
            words.see(cells)
            if len(samples) < SAMPLES:
                samples.append(cells)
            if total % TOLD == 0:
                Import.objects.filter(pk=one.pk).update(total=total, read=min(file.tell(), one.size))
    if not total:
        raise Unreadable(_("The file has headings and not one row."))
    known = targets(one.by)
    heads = [head.strip() or _("Column %(number)s") % {"number": place} for place, head in enumerate(heads, 1)]
    habits = dict(Habit.objects.filter(heading__in=[norm(head) for head in heads]).values_list("heading", "target"))
    found = guesses(heads, samples, known, habits)
    if export := known_export(heads):
        found = with_export(found, heads, export)
        form, one.settings = form | {"export": export.title}, {**one.settings, "system": export.system}
    one.form, one.heads, one.samples, one.book, one.total, one.read = form, heads, samples[:20], name, total, one.size
    one.words = words.found
    one.guesses = [[guess.target, guess.sure, guess.why] for guess in found]
    one.mapping = [guess.target for guess in found]
    one.settings = Settings(**one.settings).as_kept()
    one.state = Import.State.CHECKING
    one.save()


def check(pk: int) -> None:
    """Look at the rows by the code that brings them in, and keep what would become of each."""
    one = import_of(pk)
    if one.state != Import.State.CHECKING:
        return
    mapping, settings = one.mapping, one.settings
    with in_the_language_of(one):
        planner = Planner(Settings.of(settings), one.by, beyond=True)
        Row.objects.filter(owner=one).delete()
        going = Import.objects.filter(pk=pk, state=Import.State.CHECKING, mapping=mapping, settings=settings)
        checked = 0
        for drafts, _offset in islice(_chunks(one, 0), CHECKED // CHUNK):
            with transaction.atomic():
                insert_many([_planned(one, plan) for plan in planner.plan(drafts)])
                checked += len(drafts)
                if not going.update(checked=checked):
                    return
    going.update(state=Import.State.READY)


def run(pk: int) -> None:
    """Bring the rows in, from where it stopped."""
    one = import_of(pk)
    with in_the_language_of(one):
        planner = Planner(Settings.of(one.settings), one.by, beyond=False)
        hand = hand_of(one)
        for drafts, offset in _chunks(one, one.offset):
            with transaction.atomic():
                if not _still(pk, Import.State.RUNNING, at=one.offset):
                    return
                insert_many(_bring(one, planner, drafts, hand))
                one.done, one.offset = one.done + len(drafts), offset
                one.save(update_fields=["done", "offset"])
    end(one, Import.State.RUNNING, state=Import.State.DONE, ended_at=clock.now())


def _bring(one: Import, planner: Planner, drafts: Sequence[Draft], hand: Hand) -> list[Row]:
    """All at once; when the base refuses them, one by one, so that a bad row is told and costs nobody else anything."""
    try:
        with transaction.atomic():
            written, event = write(planner.plan(drafts), hand)
            return [_done(one, what, event) for what in written]
    except (DataError, IntegrityError) as error:
        if len(drafts) == 1:
            log.warning("Row %s of the import %s is refused by the base", drafts[0].number, one.pk, exc_info=True)
            first = str(error).partition("\n")[0]
            return [_planned(one, Plan(drafts[0], state=Row.State.REFUSED.value, reason=first))]
    return [row for draft in drafts for row in _bring(one, planner, [draft], hand)]


def end(one: Import, going: str, **fields: object) -> None:
    with transaction.atomic():
        if Import.objects.filter(pk=one.pk, state=going).update(**fields):
            log.info("The import %s has ended", one.pk)
            if clock.now() - (one.begun_at or one.created_at) >= LONG:
                one.refresh_from_db()
                tell_ended(one)


def hand_of(one: Import) -> Hand:
    """New clients are seen by whoever brings them and by the heads of the brand, as those entered by hand."""
    brands = one.person.brand_ids
    home = [f"s:{one.person.seat_id}", *([f"b:{brand}" for brand in brands] or ["b:0"])]
    system = str(one.settings.get("system", "file"))
    return Hand(by=one.by, home=home, system=system, brand=brands[0] if len(brands) == 1 else None)


def _chunks(one: Import, offset: int) -> Iterator[tuple[list[Draft], int]]:
    """Drafts by CHUNK, and where the next chunk begins."""
    reader = Reader(one.heads, one.mapping, targets(one.by), one.person.zone)
    rows = book.read(one.book, offset=offset)
    while found := list(islice(rows, CHUNK)):
        yield [reader.draft(number, cells) for number, cells, _offset in found], found[-1][2]


def _still(pk: int, state: str, *, at: int) -> bool:
    """The import, locked, if it goes on and nobody else has gone further."""
    return Import.objects.select_for_update().filter(pk=pk, state=state, offset=at).exists()


def _planned(one: Import, plan: Plan) -> Row:
    draft = plan.draft
    bad = plan.state == Row.State.REFUSED
    return Row(
        owner=one,
        number=draft.number,
        state=plan.state,
        title=draft.title[:200],
        phone=draft.phone,
        amount=draft.deal.amount if draft.deal else None,
        reason=plan.reason,
        cells=list(draft.cells) if bad else None,
        company=plan.company.id if plan.company else None,
        contact=plan.contact.id if plan.contact else None,
        deal=plan.deal,
    )


def _done(one: Import, what: Written, event: int | None) -> Row:
    row = _planned(one, what.plan)
    row.deal, row.made, row.was, row.event = what.deal, what.made or None, what.was or None, event
    if what.refusal:
        row.reason = f"{row.reason}; {what.refusal}"
    return row


def import_of(pk: int) -> Import:
    return Import.objects.select_related("person__role").get(pk=pk)


@contextmanager
def in_the_language_of(one: Import) -> Iterator[None]:
    person = one.person
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        yield
