"""Translations, one catalogue an area, so that two people rarely meet in one file.

An area is a package (`deals`), or a folder of the pages (`web_board`: its views and its templates).
The msgids are English; `locale/<area>/ru/LC_MESSAGES/django.po` holds the Russian.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from voronka.cli.folder import PACKAGE

LANGUAGE = "ru"
LOCALE = PACKAGE / "locale"
# The console has its own small catalogue; presets are a company's own Russian words.
NOT_TRANSLATED = {"cli", "locale", "presets", "testing", "web"}
FRAME = "web_layout"
PLURALS = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
PYTHON_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
JINJA_OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false", "extensions": "jinja2.ext.do"}


@dataclass(frozen=True)
class Area:
    """One catalogue and the files its texts come from."""

    name: str
    folders: tuple[Path, ...]

    @property
    def po(self) -> Path:
        return LOCALE / self.name / LANGUAGE / "LC_MESSAGES" / "django.po"

    def files(self) -> Iterator[Path]:
        for folder in self.folders:
            # The frame is the loose files of web/ itself: its folders are areas of their own.
            pattern = "*.py" if folder == PACKAGE / "web" else "**/*"
            for file in sorted(folder.glob(pattern)):
                inside = file.relative_to(folder).parts
                if file.suffix in (".py", ".html") and not {"tests", "migrations"} & set(inside[:-1]):
                    yield file


def areas() -> list[Area]:
    packages = [
        Area(folder.name, (folder,))
        for folder in sorted(PACKAGE.iterdir())
        if (folder / "__init__.py").exists() and folder.name not in NOT_TRANSLATED
    ]
    templates, web = PACKAGE / "web" / "templates", PACKAGE / "web"
    names = {folder.name for folder in templates.glob("*") if folder.is_dir()}
    names |= {file.parent.name for file in web.glob("*/__init__.py")} - {"tests"}
    pages = [
        Area(f"web_{name}", (web / name, templates / name, *([web] if f"web_{name}" == FRAME else [])))
        for name in sorted(names)
    ]
    return packages + pages


def extract(area: Area):
    """The catalogue of what the area's files say today, without translations."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract as extract_texts
    from jinja2.ext import babel_extract

    found = Catalog(locale=LANGUAGE)
    for file in area.files():
        source = BytesIO(file.read_bytes())
        if file.suffix == ".py":
            texts = extract_texts("python", source, keywords=PYTHON_KEYWORDS, options={"encoding": "utf-8"})
            rows = ((line, ids, context) for line, ids, _comments, context in texts)
        else:
            keywords = ["_", "gettext", "ngettext", "pgettext", "npgettext"]
            rows = (by_context(row) for row in babel_extract(source, keywords, [], JINJA_OPTIONS))
        name = file.relative_to(PACKAGE).as_posix()
        for line, ids, context in rows:
            found.add(ids, locations=[(name, line)], context=context)
    return found


def by_context(row: tuple) -> tuple[int, str | tuple[str, ...], str | None]:
    """Jinja gives a call's plain arguments; tell context, singular and plural apart by its name."""
    line, function, arguments, _comments = row
    texts = [text for text in (arguments if isinstance(arguments, tuple) else (arguments,)) if text]
    context = texts.pop(0) if function in ("pgettext", "npgettext") else None
    plural = function in ("ngettext", "npgettext")
    return line, tuple(texts[:2]) if plural else texts[0], context


def read(area: Area):
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    if not area.po.exists():
        return Catalog(locale=LANGUAGE)
    with area.po.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update(area: Area) -> bool:
    """Bring the area's file up to its texts, keeping every translation; whether it was changed."""
    from babel.messages.pofile import write_po

    fresh, known = extract(area), read(area)
    if not len(fresh) and not area.po.exists():
        return False
    known.update(fresh, no_fuzzy_matching=True)
    known.obsolete.clear()
    out = BytesIO()
    write_po(out, known, width=110, sort_by_file=True, ignore_obsolete=True, include_lineno=False, omit_header=True)
    header = (
        'msgid ""\nmsgstr ""\n"Language: ru\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURALS}\\n"\n\n'
    )
    text = header + out.getvalue().decode()
    if area.po.exists() and area.po.read_text() == text:
        return False
    area.po.parent.mkdir(parents=True, exist_ok=True)
    area.po.write_text(text)
    return True


def faults(area: Area) -> Iterator[str]:
    """What is missing, fuzzy, obsolete or unusable in the area's translation."""
    fresh, known = extract(area), read(area)
    for message in fresh:
        if not message.id:
            continue
        first = message.id if isinstance(message.id, str) else message.id[0]
        found = known.get(first, context=message.context)
        if found is None:
            yield f"{area.name}: not in the catalogue: {first!r}"
        elif not found.string or (isinstance(found.string, tuple) and not all(found.string)):
            yield f"{area.name}: not translated: {first!r}"
        elif found.fuzzy:
            yield f"{area.name}: fuzzy: {first!r}"
        elif isinstance(found.id, str) != isinstance(message.id, str):
            yield f"{area.name}: plural forms do not match: {first!r}"
        else:
            for error in found.check(known):
                yield f"{area.name}: {error}: {first!r}"
    for message in known:
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            if fresh.get(first, context=message.context) is None:
                yield f"{area.name}: obsolete: {first!r}"


def conflicts() -> Iterator[str]:
    """The same English text with two Russian ones: which is shown would be chance."""
    seen: dict[tuple, tuple[object, str]] = {}
    for area in areas():
        for message in read(area):
            if not message.id or not message.string:
                continue
            key = (str(message.id), message.context)
            text, where = seen.setdefault(key, (message.string, area.name))
            if text != message.string:
                first = message.id if isinstance(message.id, str) else message.id[0]
                yield f"{first!r} is translated differently in {where} and {area.name}: use pgettext"


def compile_stale() -> int:
    """Compile each catalogue that is newer than its .mo; the number of compiled ones."""
    count = 0
    for po in LOCALE.glob("*/*/LC_MESSAGES/django.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        compile_one(po, mo)
        count += 1
    return count


def compile_one(po: Path, mo: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with po.open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGE)
    draft = mo.with_suffix(".mo.new")
    with draft.open("wb") as out:
        write_mo(out, catalogue)
    draft.replace(mo)
