from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("duplicates", views.duplicates, name="duplicates"),
    path("duplicates/<int:suspicion_id>/answer", views.answer, name="duplicate-answer"),
    path("duplicates/taking-back", views.taking_back, name="duplicates-taking-back"),
    path("duplicates/progress", views.progress, name="duplicates-progress"),
    path("duplicates/searches", views.search, name="duplicates-search"),
    path("duplicates/searches/<int:scan_id>/undo", views.search_undo, name="duplicates-search-undo"),
    path("duplicates/setting", views.setting, name="duplicates-setting"),
]
