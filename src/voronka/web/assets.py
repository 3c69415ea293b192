"""Built front-end files by their plain name: «app.js» → «/static/dist/app-1A2B3C4D.js»."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

DIST = Path(__file__).parent / "static" / "dist"


class NotBuilt(RuntimeError):
    """The front end was not built, or the name is unknown to it."""


class Manifest:
    """Names as the build wrote them; read again when the file changes in development."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_at = 0.0
        self._names: dict[str, str] = {}

    def hashed(self, name: str) -> str:
        if not self._names or settings.DEBUG:
            self._read()
        try:
            return self._names[name]
        except KeyError:
            raise NotBuilt(f"{name} is not among the built assets in {self.path.parent}") from None

    def _read(self) -> None:
        try:
            changed_at = self.path.stat().st_mtime
            if changed_at != self._read_at:
                self._names = json.loads(self.path.read_text())
                self._read_at = changed_at
        except FileNotFoundError:
            raise NotBuilt(f"no front end in {self.path.parent}: run `node frontend/build.mjs`") from None


manifest = Manifest(DIST / "manifest.json")


def asset(name: str) -> str:
    """Address of a built file. Raises NotBuilt."""
    return _address(manifest.hashed(name))


@lru_cache(maxsize=100)
def _address(hashed: str) -> str:
    return static(f"dist/{hashed}")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """`/sw.js`: served from the root, so that its scope is the whole site; never cached, so that it can be replaced."""
    body = (DIST / "sw.js").read_bytes()
    return HttpResponse(body, content_type="text/javascript", headers={"Cache-Control": "no-cache"})
