from django.db import models


class Product(models.Model):
    """Something sold: a good, a service, a gift certificate."""

    class Kind(models.TextChoices):
        GOOD = "good", "good"
        SERVICE = "service", "service"
        CERTIFICATE = "certificate", "gift certificate"

    key = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField(choices=Kind.choices, default=Kind.SERVICE)
    price = models.DecimalField(max_digits=14, decimal_places=2)
    is_upsell = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["name"], name="product_name")]

    def __str__(self) -> str:
        return self.name
