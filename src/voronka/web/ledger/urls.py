from django.urls import path

from . import mending, views

urlpatterns = [
    path("ledger", views.ledger, name="ledger"),
    path("ledger/entries/<int:entry_id>", views.entry, name="ledger-entry"),
    path("ledger/entries/<int:entry_id>/mending", mending.mending, name="ledger-mending"),
    path("ledger/entries/<int:entry_id>/rejection", mending.rejection, name="ledger-rejection"),
    path("ledger/entries/<int:entry_id>/spam", mending.spam, name="ledger-spam"),
]
