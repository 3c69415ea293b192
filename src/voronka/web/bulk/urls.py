from django.urls import path

from . import acts, views

urlpatterns = [
    path("bulk", views.bulk, name="bulk"),
    path("bulk/preview", views.preview, name="bulk-preview"),
    path("bulk/<int:act_id>", acts.act, name="bulk-act"),
    path("bulk/<int:act_id>/progress", acts.progress, name="bulk-progress"),
    path("bulk/<int:act_id>/rows", acts.rows, name="bulk-rows"),
    path("bulk/<int:act_id>/stop", acts.stop, name="bulk-stop"),
    path("bulk/<int:act_id>/undo", acts.undo, name="bulk-undo"),
]
