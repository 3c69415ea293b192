from django.urls import path

from . import notes, team, views

urlpatterns = [
    path("day", views.day, name="day"),
    path("day/work", views.work, name="day-work"),
    path("day/figures", views.figures_box, name="day-figures"),
    path("day/answers", views.answers, name="day-answers"),
    path("day/won", views.won, name="day-won"),
    path("day/team", team.team, name="day-team"),
    path("day/notes/<int:deal_id>", notes.note, name="day-note"),
    path("day/order", views.order, name="day-order"),
]
