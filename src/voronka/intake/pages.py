"""The few pages that visitors of foreign sites see. No cookies, no assets, one script of ours."""

from html import escape

from django.utils.translation import get_language
from django.utils.translation import gettext as _

_STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--paper:#f6f7f9;--card:#fff;--line:#d8dde4}
@media (prefers-color-scheme:dark){:root{--ink:#e7ebf0;--paper:#12161c;--card:#1b212a;--line:#303846}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{box-sizing:border-box;width:min(440px,100vw);padding:32px;background:var(--card);border:1px solid var(--line);
border-radius:12px}
h1{margin:0 0 8px;font-size:22px}p{margin:0}
"""
#: Nothing may run or load here but our snippet and this style.
PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors *",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer-when-downgrade",
}


def thanks_page() -> str:
    """Shown to a browser that posted a plain form."""
    title, sentence = _("Thank you"), _("We will call you back soon.")
    return _page(title, f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p>")


def sorry_page(sentences: list[str]) -> str:
    """Shown when neither phone nor e-mail could be read."""
    title = _("Something is missing")
    reasons = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return _page(title, f"<h1>{escape(title)}</h1>{reasons}")


def form_page(title: str, key: str) -> str:
    """The hosted form: the snippet on a page of its own."""
    return _page(
        title,
        f'<h1>{escape(title)}</h1><div data-voronka-form></div><script src="/in/{escape(key)}/form.js"></script>',
    )


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{escape(get_language() or "ru")}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><main>{body}</main></html>"
    )
