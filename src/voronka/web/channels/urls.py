from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("settings/channels", views.channels, name="channels"),
    path("settings/channels/new/<slug:kind>", views.new, name="channel-new"),
    path("settings/channels/<int:number>", views.one, name="channel"),
    path("settings/channels/<int:number>/values", views.values, name="channel-values"),
    path("settings/channels/<int:number>/details", views.details, name="channel-details"),
    path("settings/channels/<int:number>/activity", views.activity, name="channel-activity"),
    path("settings/channels/<int:number>/check", views.check, name="channel-check"),
    path("settings/channels/<int:number>/remedy", views.remedy, name="channel-remedy"),
]
