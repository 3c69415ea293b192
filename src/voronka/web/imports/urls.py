from django.urls import path

from . import views

urlpatterns = [
    path("imports", views.imports, name="imports"),
    path("imports/<int:pk>", views.one, name="import"),
    path("imports/<int:pk>/mapping", views.mapping, name="import-mapping"),
    path("imports/<int:pk>/state", views.state, name="import-state"),
    path("imports/<int:pk>/progress", views.progress, name="import-progress"),
    path("imports/<int:pk>/rows", views.rows, name="import-rows"),
    path("imports/<int:pk>/bad.csv", views.bad, name="import-bad"),
]
