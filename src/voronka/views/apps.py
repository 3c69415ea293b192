from django.apps import AppConfig


class ViewsConfig(AppConfig):
    name = "voronka.views"
    label = "views"
    default_auto_field = "django.db.models.BigAutoField"
