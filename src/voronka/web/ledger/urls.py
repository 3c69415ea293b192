from django.urls import path

from . import check, mending, sources, views

urlpatterns = [
    path("ledger", views.ledger, name="ledger"),
    path("ledger/entries/<int:entry_id>", views.entry, name="ledger-entry"),
    path("ledger/entries/<int:entry_id>/mending", mending.mending, name="ledger-mending"),
    path("ledger/entries/<int:entry_id>/rejection", mending.rejection, name="ledger-rejection"),
    path("ledger/entries/<int:entry_id>/spam", mending.spam, name="ledger-spam"),
    path("settings/sources", sources.source_list, name="sources"),
    path("settings/sources/new", sources.new, name="source-new"),
    path("settings/sources/<int:source_id>", sources.one, name="source"),
    path("settings/sources/<int:source_id>/settings", sources.change, name="source-change"),
    path("settings/sources/<int:source_id>/key", sources.key, name="source-key"),
    path("settings/sources/<int:source_id>/activity", sources.activity, name="source-activity"),
    path("settings/sources/<int:source_id>/mapping", sources.save_mapping, name="source-mapping"),
    path("settings/sources/<int:source_id>/reading", sources.reading, name="source-reading"),
    path("settings/sources/<int:source_id>/check", check.check, name="source-check"),
    path("settings/sources/<int:source_id>/check/<slug:mark>", check.progress, name="source-progress"),
]
