from django.urls import path

from . import views

urlpatterns = [
    path("calendar", views.calendar, name="calendar"),
    path("calendar/deals/<int:deal_id>/<str:key>", views.deal_date, name="calendar-date"),
]
