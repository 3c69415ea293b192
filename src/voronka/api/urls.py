from django.urls import URLPattern, URLResolver, path

from .knocks import knock
from .v1 import v1

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", v1.urls),
    path("hooks/rules/<str:secret>", knock, name="rule-knock"),
]
