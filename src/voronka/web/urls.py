"""Every screen's addresses; an area is a folder here."""

from django.urls import URLPattern, URLResolver, include, path

from voronka.web.assets import service_worker

urlpatterns: list[URLPattern | URLResolver] = [
    path("sw.js", service_worker, name="service-worker"),
    path("", include("voronka.web.account.urls")),
    path("", include("voronka.web.day.urls")),
    path("", include("voronka.web.board.urls")),
    path("", include("voronka.web.list.urls")),
    path("", include("voronka.web.bulk.urls")),
    path("", include("voronka.web.imports.urls")),
    path("", include("voronka.web.tags.urls")),
    path("", include("voronka.web.deals.urls")),
    path("", include("voronka.web.clients.urls")),
    path("", include("voronka.web.inbox.urls")),
    path("", include("voronka.web.duplicates.urls")),
    path("", include("voronka.web.tasks.urls")),
    path("", include("voronka.web.calendar.urls")),
    path("", include("voronka.web.ledger.urls")),
    path("", include("voronka.web.process.urls")),
    path("", include("voronka.web.knowledge.urls")),
    path("", include("voronka.web.messages.urls")),
    path("", include("voronka.web.settings.urls")),
    path("", include("voronka.web.tokens.urls")),
    path("", include("voronka.web.hooks.urls")),
    path("", include("voronka.web.channels.urls")),
    path("", include("voronka.web.settings.fields.urls")),
    path("", include("voronka.web.notices.urls")),
    path("", include("voronka.web.offline.urls")),
    path("", include("voronka.web.search.urls")),
    path("", include("voronka.web.views.urls")),
]
