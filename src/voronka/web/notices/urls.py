from django.urls import URLPattern, path

from . import push, views

urlpatterns: list[URLPattern] = [
    path("notices", views.notices, name="notices"),
    path("notices/menu", views.menu, name="notices-menu"),
    path("notices/count", views.count, name="notices-count"),
    path("notices/unread", views.unread, name="notices-unread"),
    path("notices/reading", views.read_all, name="notices-reading"),
    path("notices/<int:number>", views.open_notice, name="notice"),
    path("push/key", push.key, name="push-key"),
    path("push/subscriptions", push.subscriptions, name="push-subscriptions"),
    path("push/renewals", push.renewals, name="push-renewals"),
]
