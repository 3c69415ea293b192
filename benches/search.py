"""Search among a million contacts over HTTP: as a head, a manager who sees few of them, and one who sees none."""

import random
import time
from collections.abc import Iterable
from urllib.parse import urlencode

import httpx

from benches.harness import Result, RunningVoronka, percentile
from benches.parts.filled import HEAD, MANAGER, NOBODY, Viewer, filled_voronka, sign_in

MANY, FEW = 1_000_000, 10_000
LATIN, CYRILLIC = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё"
LAYOUT = str.maketrans(CYRILLIC, LATIN)
#: p95 in ms of what is typed.
TARGETS = {
    "phone": 30, "name": 50, "typo": 50, "layout": 50, "email": 50, "inn": 30, "number": 30, "note": 50, "nothing": 50,
}  # fmt: skip
LETTERS = "абвгдеиклмнопрстуя"


def main(*, quick: bool = False) -> Result:
    result = Result("search")
    with filled_voronka(FEW if quick else MANY) as system:
        for viewer in sign_in(system, HEAD, MANAGER, NOBODY):
            typed = what_people_type(system, viewer, 12 if quick else 60)
            for kind, texts in typed.items():
                measure(result, system, viewer, kind, texts)
    return result


def what_people_type(system: RunningVoronka, viewer: Viewer, count: int) -> dict[str, list[str]]:
    """What there is in the base, as people remember it. Who sees nobody types the same as the others."""
    chance = random.Random(7)
    with system.connect(owner=True) as base:
        seen = "" if viewer.login == NOBODY else "WHERE c.audience && %(reach)s::text[]"
        people = base.execute(
            "SELECT t.name, i.value, c.id FROM clients_company c JOIN clients_contact t ON t.company_id = c.id "
            f"JOIN clients_identity i ON i.contact_id = t.id AND i.kind = 'phone' {seen} "
            f"ORDER BY (c.id * 7919) %% 100003 LIMIT {count}",
            {"reach": viewer.reach},
        ).fetchall()
        sample = "TABLESAMPLE SYSTEM (5) WHERE {} LIMIT {}"
        emails = base.execute(f"SELECT value FROM clients_identity {sample.format('kind = $$email$$', count)}")
        inns = base.execute(f"SELECT inn FROM clients_requisites {sample.format('inn <> $$$$', count)}")
        numbers = base.execute(f"SELECT id FROM deals_deal {sample.format('true', count)}")
        notes = base.execute(f"SELECT text FROM clients_note {sample.format('true', count)}")
        names = [name for name, _phone, _id in people]
        return {
            "phone": [fragment(phone, chance) for _name, phone, _id in people],
            "name": names,
            "typo": [misspelt(name, chance) for name in names],
            "layout": [name.lower().translate(LAYOUT) for name in names],
            "email": [email[:-8] for (email,) in emails],
            "inn": [inn for (inn,) in inns],
            "number": [f"№{number}" for (number,) in numbers],
            "note": [" ".join(text.split()[-3:]) for (text,) in notes],
            "nothing": ["ъыъщжюъ", "zzqqxxww", "900 000 00 0", "щщгггщщ ъъъ"] * (count // 4),
        }


def fragment(phone: str, chance: random.Random) -> str:
    """Five to seven digits from the end, as people write them."""
    tail = phone[-chance.choice((5, 6, 7)) :]
    return chance.choice((tail, f"{tail[:-4]}-{tail[-4:-2]}-{tail[-2:]}", f"{tail[:-2]} {tail[-2:]}"))


def misspelt(name: str, chance: random.Random) -> str:
    """One letter of the longest word is another one, missing or twice there."""
    word = max(name.split(), key=len)
    place = chance.randrange(1, len(word) - 1)
    wrong = chance.choice((word[:place] + chance.choice(LETTERS) + word[place + 1 :], word[:place] + word[place + 1 :]))
    return wrong.lower()


def measure(result: Result, system: RunningVoronka, viewer: Viewer, kind: str, texts: Iterable[str]) -> None:
    took, found, asked = [], 0, 0
    headers = {"cookie": viewer.cookie, "HX-Request": "true"}
    with httpx.Client(base_url=system.base_url, headers=headers, timeout=60, trust_env=False) as client:
        for _ in range(6):
            client.get("/search?q=иванова")
        for text in texts:
            began = time.perf_counter()
            answer = client.get(f"/search?{urlencode({'q': text})}")
            took.append((time.perf_counter() - began) * 1000)
            answer.raise_for_status()
            asked += 1
            found += "/clients/" in answer.text or "/deals/" in answer.text
    p95 = percentile(took, 0.95)
    result.note(f"{viewer.login}_{kind}_p50_ms", percentile(took, 0.5))
    result.note(f"{viewer.login}_{kind}_p95_ms", p95, holds=p95 <= TARGETS[kind])
    if viewer.login == HEAD and kind != "nothing":
        share = found / max(asked, 1)
        result.note(f"{kind}_found", share, holds=share >= 0.9)
