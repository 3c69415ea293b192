"""Browser: how smooth the board is in Chromium slowed down four times, with 400 tiles on it.

A tile is dragged across the board and followed frame by frame; then one clicks, types and walks by keyboard, and the
browser's own Event Timing says how long each took until the next paint. The same way of the pointer over an empty page
tells what the browser and the machine cost by themselves.
"""

import gzip
import json
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benches.harness import Result, percentile
from benches.parts.filled import HEAD, filled_voronka, sign_in
from voronka.cli.tools import source_root
from voronka.testing.browser import CHROMIUM, DESKTOP, FLAGS

SLOWER, TILES = 4, 400
DEALS = 50_000
FRAME_MS, INTERACTION_MS, SCRIPT_KB = 50, 200, 250

#: Frames and interactions as the page itself sees them.
WATCH = """() => {
  window.watched = { frames: [], interactions: [] };
  new PerformanceObserver((list) => {
    for (const { name, duration, interactionId } of list.getEntries())
      if (interactionId) watched.interactions.push([name, duration]);
  }).observe({ type: "event", durationThreshold: 16, buffered: false });
  let before;
  const frame = (at) => {
    if (before !== undefined) watched.frames.push(at - before);
    before = at;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def main(*, quick: bool = False) -> Result:
    result = Result("browser")
    with filled_voronka(DEALS) as system:
        (head,) = sign_in(system, HEAD)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            context = chromium.new_context(
                viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, base_url=system.base_url
            )
            page = context.new_page()
            name, _equals, value = head.cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": system.base_url}])
            _measure(result, page, rounds=1 if quick else 3)
            chromium.close()
    weight = _script_weight()
    result.note("script_kb_gzip", weight, holds=weight <= SCRIPT_KB)
    return result


def _measure(result: Result, page: Page, *, rounds: int) -> None:
    page.goto("/board")
    tiles = _fill_the_board(page)
    result.note("tiles", tiles, holds=tiles >= TILES)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(WATCH)
    result.note("empty_page_longest_ms", max(_over_nothing(page)))
    frames: list[float] = []
    for turn in range(rounds):
        frames += _drag(page, turn)
    result.note("frames_of_drags", len(frames), holds=len(frames) > 20)
    result.note("frame_p95_ms", percentile(frames, 0.95))
    result.note("frame_longest_ms", max(frames), holds=max(frames) <= FRAME_MS)
    _work(page)
    took: list[tuple[str, float]] = page.evaluate("watched.interactions")
    longest = max(took, key=lambda one: one[1], default=("", 0.0))
    result.note("interactions", len(took), holds=bool(took))
    result.note("interaction_longest", f"{longest[0]} {longest[1]:.0f} ms", holds=longest[1] <= INTERACTION_MS)


def _fill_the_board(page: Page) -> int:
    """Scroll the columns until enough tiles are there; the board has as many as its columns page."""
    tiles = page.locator("[data-tiles] .v-tile")
    for _turn in range(12):
        if tiles.count() >= TILES:
            break
        page.evaluate("document.querySelectorAll('[data-tiles]').forEach((one) => one.scrollTo(0, one.scrollHeight))")
        page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('[data-tiles]').forEach((one) => one.scrollTo(0, 0))")
    return tiles.count()


def _drag(page: Page, turn: int) -> list[float]:
    """Take a tile over three columns and back to its own; the frames from the moment it is in hand."""
    column = page.locator("[data-column]:has(.v-tile:not([data-fixed]))").nth(1)
    box = column.locator(".v-tile").nth(turn).bounding_box()
    assert box
    x, y = box["x"] + 60, box["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y + 4, steps=3)
    page.wait_for_timeout(200)
    frames = _there_and_back(page, x, y)
    page.mouse.up()
    page.wait_for_load_state("networkidle")
    return frames


def _there_and_back(page: Page, x: float, y: float) -> list[float]:
    page.evaluate("watched.frames.length = 0")
    page.mouse.move(x + 620, y + 160, steps=50)
    page.mouse.move(x, y, steps=50)
    return page.evaluate("watched.frames")


def _over_nothing(board: Page) -> list[float]:
    """The frames of an empty page under the same throttle."""
    page = board.context.new_page()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(WATCH)
    page.wait_for_timeout(200)
    frames = _there_and_back(page, 300, 300)
    page.close()
    board.bring_to_front()
    return frames


def _work(page: Page) -> None:
    page.locator("[data-tiles] .v-tile[data-card]").nth(10).click()
    page.locator("#card[open] .v-stages").wait_for()
    page.keyboard.press("Escape")
    page.locator("#card[open]").wait_for(state="detached")
    page.locator("[data-tiles] .v-tile").nth(12).focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    page.keyboard.press("Control+k")
    page.keyboard.type("иванов", delay=60)
    page.keyboard.press("Escape")
    page.wait_for_load_state("networkidle")


def _script_weight() -> float:
    """All scripts that a page may load, gzipped; bundles before this one lie there for pages that are still open."""
    built = source_root() / "src" / "voronka" / "web" / "static" / "dist"
    named = {Path(name).name for name in json.loads((built / "manifest.json").read_text()).values()}
    scripts = [file for file in built.rglob("*.js") if file.name in named or file.name == "sw.js"]
    return sum(len(gzip.compress(file.read_bytes())) for file in scripts) / 1000
