from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("settings/fields", views.fields, name="fields"),
    path("settings/fields/new", views.new, name="field-new"),
    path("settings/fields/draft", views.draft, name="field-draft"),
    path("settings/fields/<int:number>", views.one, name="field"),
    path("settings/fields/<int:number>/move", views.move, name="field-move"),
    path("settings/fields/<int:number>/retirement", views.switch, {"on": False}, name="field-retirement"),
    path("settings/fields/<int:number>/restoration", views.switch, {"on": True}, name="field-restoration"),
]
