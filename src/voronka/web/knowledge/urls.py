from django.urls import path

from . import views

urlpatterns = [
    path("knowledge", views.base, name="knowledge"),
    path("knowledge/<slug:kind>/<slug:key>", views.one, name="knowledge-page"),
    path("knowledge/<slug:kind>/<slug:key>/print", views.sheet, name="knowledge-print"),
]
