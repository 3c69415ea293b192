from django.urls import path

from . import arrange, cells, export, views

urlpatterns = [
    path("deals", views.deals, name="deals"),
    path("deals/totals", views.totals, name="deals-totals"),
    path("deals/export", export.export, name="deals-export"),
    path("deals/columns", arrange.columns, name="deals-columns"),
    path("deals/columns/<str:key>/width", arrange.width, name="deals-column-width"),
    path("deals/<int:deal_id>/row", views.row, name="deal-row"),
    path("deals/<int:deal_id>/cell", cells.cell, name="deal-cell"),
]
