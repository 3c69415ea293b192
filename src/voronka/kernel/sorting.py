"""Order of Russian names on a server without ICU."""

from django.db.models import Func, TextField, Value
from django.db.models.functions import Collate, Lower


def by_name(path: str) -> Collate:
    """Lower case, ё as е, compared by code point. The expression of the indexes over names: keep it as it is."""
    folded = Func(Lower(path), Value("ё"), Value("е"), function="translate", output_field=TextField())
    return Collate(folded, "C")
