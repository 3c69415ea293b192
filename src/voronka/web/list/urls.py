from django.urls import path

from . import views

urlpatterns = [
    path("deals", views.deals, name="deals"),
    path("deals/totals", views.totals, name="deals-totals"),
    path("deals/condition", views.condition, name="deals-condition"),
    path("deals/<int:deal_id>/row", views.row, name="deal-row"),
]
