"""Take the pictures of README from a running demo company.

./voronka up --preset quests --demo --data /tmp/pictures --port 8010
.venv/bin/python scripts/pictures.py http://127.0.0.1:8010 HEAD_EMAIL PASSWORD
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
FLAGS = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def main(base: str, email: str, password: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="ru-RU", base_url=base)
        page.goto("/sign-in")
        page.fill("[name=email]", email)
        page.fill("[name=password]", password)
        page.click("button[type=submit]")
        page.wait_for_url("**/day")
        take(page, "day", "/day")
        take(page, "board", "/board")
        page.locator("[data-tiles] .v-tile[data-card]").nth(5).click()
        page.wait_for_selector(".v-stages")
        take(page, "deal")
        take(page, "ledger", "/ledger")
        browser.close()


def take(page: Page, name: str, address: str = "") -> None:
    if address:
        page.goto(address)
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PICTURES / f"{name}.png")
    print(PICTURES / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:4])
