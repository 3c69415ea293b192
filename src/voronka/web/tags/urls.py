from django.urls import path

from . import page, views

urlpatterns = [
    path("settings/tags", page.tags, name="tags"),
    path("settings/tags/<int:number>/title", page.title, name="tag-title"),
    path("settings/tags/<int:number>/merging", page.merging, name="tag-merging"),
    path("settings/tags/<int:number>/parting", page.parting, name="tag-parting"),
    path("settings/tags/<int:number>/retirement", page.retirement, name="tag-retirement"),
    path("settings/tags/<int:number>/restoration", page.restoration, name="tag-restoration"),
    path("deals/<int:deal_id>/tags", views.deal_tags, name="deal-tags"),
    path("clients/<int:company_id>/tags", views.client_tags, name="client-tags"),
]
