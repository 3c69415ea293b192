from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [path("offline", views.offline, name="offline")]
