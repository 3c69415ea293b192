from django.urls import URLPattern, path

from . import conditions, views

urlpatterns: list[URLPattern] = [
    path("filter/condition", conditions.condition, name="filter-condition"),
    path("views", views.everything, name="views"),
    path("views/tabs", views.tabs, name="views-tabs"),
    path("views/new", views.new, name="view-new"),
    path("views/<int:number>", views.one, name="view"),
    path("views/<int:number>/copy", views.copy, name="view-copy"),
    path("views/<int:number>/pin", views.pin, name="view-pin"),
    path("views/<int:number>/move", views.move, name="view-move"),
    path("views/<int:number>/removal", views.removal, name="view-removal"),
    path("views/<int:number>/restoration", views.restoration, name="view-restoration"),
]
