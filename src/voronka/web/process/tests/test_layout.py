"""Where funnels and arrows lie: nothing covers anything, money goes to the right."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voronka.web.process.layout import Size, draw
from voronka.web.process.transitions import LOST, OTHER, WON, Transition

KEYS = [f"f{number}" for number in range(7)]


def edge(source: str, target: str, kind: str = WON) -> Transition:
    return Transition(source=source, target=target, kind=kind, title="успех", stage=f"{source}/s1", to=f"{target}/s0")


def sizes(counts) -> list[Size]:
    return [
        Size(key=key, stages=[f"{key}/s{n}" for n in range(count)]) for key, count in zip(KEYS, counts, strict=False)
    ]


def test_what_is_won_leads_to_the_right_and_losses_lead_down():
    edges = [
        edge("f0", "f1"),
        edge("f1", "f2"),
        edge("f1", "f3", LOST),
        edge("f0", "f3", LOST),
        edge("f3", "f1", OTHER),
    ]
    boxes = draw(sizes([5, 5, 3, 4]), edges, {}).boxes
    assert boxes["f0"].x < boxes["f1"].x < boxes["f2"].x
    assert boxes["f3"].y > min(boxes["f0"].bottom, boxes["f1"].bottom)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=7),
    st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), st.sampled_from([WON, LOST, OTHER])), max_size=12),
)
def test_funnels_never_overlap_and_every_arrow_is_drawn(counts, pairs):
    known = set(KEYS[: len(counts)])
    edges = list({(a, b, kind): edge(a, b, kind) for a, b, kind in pairs if {a, b} <= known}.values())
    picture = draw(sizes(counts), edges, {})
    boxes = list(picture.boxes.values())
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y
            assert apart
    assert len(picture.arrows) == len(edges)
    assert all(0 <= arrow.x <= picture.width and 0 <= arrow.y <= picture.height for arrow in picture.arrows)
