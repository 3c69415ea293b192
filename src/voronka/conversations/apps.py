from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "voronka.conversations"
    label = "conversations"
    default_auto_field = "django.db.models.BigAutoField"
