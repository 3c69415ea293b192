from django.urls import path

from . import feed, views

urlpatterns = [
    path("calendar", views.calendar, name="calendar"),
    path("calendar/deals/<int:deal_id>/<str:key>", views.deal_date, name="calendar-date"),
    path("calendar/link", feed.link, name="calendar-link"),
    path("calendar/feed/<str:secret>.ics", feed.feed, name="calendar-feed"),
]
