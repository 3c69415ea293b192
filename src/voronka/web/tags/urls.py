from django.urls import path

from . import views

urlpatterns = [
    path("deals/<int:deal_id>/tags", views.deal_tags, name="deal-tags"),
    path("clients/<int:company_id>/tags", views.client_tags, name="client-tags"),
]
