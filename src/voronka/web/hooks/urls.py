from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("settings/webhooks", views.hooks, name="hooks"),
    path("settings/webhooks/new", views.new, name="hook-new"),
    path("settings/webhooks/<int:number>", views.one, name="hook"),
    path("settings/webhooks/<int:number>/change", views.change, name="hook-change"),
    path("settings/webhooks/<int:number>/activity", views.activity, name="hook-activity"),
    path("settings/webhooks/<int:number>/removal", views.removal, name="hook-removal"),
    path("settings/webhooks/<int:number>/deliveries/<int:delivery>/replay", views.again, name="hook-replay"),
]
