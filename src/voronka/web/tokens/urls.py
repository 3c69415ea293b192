from django.urls import URLPattern, path

from . import reference, views

urlpatterns: list[URLPattern] = [
    path("profile/tokens", views.tokens, name="tokens"),
    path("profile/tokens/new", views.new, name="token-new"),
    path("profile/tokens/<int:number>/end", views.end, name="token-end"),
    path("api/v1/reference", reference.reference, name="api-reference"),
]
