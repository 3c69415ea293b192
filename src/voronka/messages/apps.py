from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "voronka.messages"
    label = "outgoing"
    default_auto_field = "django.db.models.BigAutoField"
