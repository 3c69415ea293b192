"""WP-8 behind the gate: a stream hears only what its reach meets."""

import asyncio
import json

from voronka.kernel.live import RESYNC, Hub


def payload(**facts):
    return json.dumps({"id": 1, "kind": "deal.moved", "deal": 5, "stage": 2, "from": 1, "for": None, **facts})


def heard(reach, *payloads, person=1):
    async def run():
        hub = Hub("host=127.0.0.1 port=1 dbname=nowhere")
        with hub.stream(person_id=person, reach=frozenset(reach)) as stream:
            for text in payloads:
                hub.tell(text)
            messages = []
            while True:
                try:
                    messages.append(await stream.next(0.01))
                except TimeoutError:
                    break
        await hub.stop()
        return messages

    return asyncio.run(run())


def test_only_whoever_may_see_it_hears_of_it():
    assert len(heard({"s:1"}, payload(audience=["s:1", "b:2"]))) == 1
    assert heard({"s:2"}, payload(audience=["s:1", "b:2"])) == []
    assert len(heard({"*"}, payload(audience=["s:1"]))) == 1


def test_both_stages_of_a_move_are_named_and_the_audience_is_not():
    (message,) = heard({"s:1"}, payload(audience=["s:1"]))
    assert message["stages"] == [1, 2]
    assert "audience" not in message


def test_a_change_of_my_rights_ends_my_stream():
    changed = payload(kind="person.changed", audience=["*"], **{"for": 1})
    assert heard({"s:1"}, changed, person=1) == [None]
    assert heard({"s:1"}, changed, person=2) == []


def test_a_slow_reader_is_told_to_ask_anew():
    messages = heard({"*"}, *[payload(audience=["s:1"])] * 600)
    assert RESYNC in messages
    assert len(messages) < 500


def test_what_a_page_says_of_itself_is_known_until_it_takes_it_back():
    hub = Hub("host=127.0.0.1 port=1 dbname=nowhere")
    here = {"kind": "presence", "card": 5, "who": 1, "page": "mine", "audience": ["s:1"]}

    async def run():
        with hub.stream(person_id=1, reach=frozenset({"s:1"}), page="mine") as stream:
            for other in ({"page": "another"}, {"who": 2}):
                hub.tell(json.dumps({**here, **other}))
            assert stream.said == {}
            hub.tell(json.dumps(here))
            said = dict(stream.said)
            hub.tell(json.dumps({**here, "gone": True}))
            assert stream.said == {}
        await hub.stop()
        return said

    assert asyncio.run(run())[5]["audience"] == ["s:1"]
