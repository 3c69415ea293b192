from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "voronka.hooks"
    label = "hooks"
    default_auto_field = "django.db.models.BigAutoField"
