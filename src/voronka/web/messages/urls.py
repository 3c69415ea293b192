from django.urls import path

from . import views

urlpatterns = [
    path("messages", views.waiting, name="messages"),
    path("messages/acts", views.acts, name="messages-acts"),
]
