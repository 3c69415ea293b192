"""The one filter language: a small typed tree, one compiler to SQL, one evaluator of the same tree over facts.

Lists, badges, views, rule conditions and figures are all filters, so a number and the list behind it are one query.
"""

from .fields import Base, Column, Field, Json, Listed, Missing, Related, base, base_keys, standing_in
from .plan import is_timeless, plan
from .python import fulfils, holds
from .scope import GROUPS, Scope
from .sql import expression_of, where
from .tree import EVERYTHING, All, Any, Is, Not, Tree, both, conditions
from .views import View, view_of
from .wire import FilterError, dump, lists, parse, resolve
from .words import Phrase, phrase, phrases

__all__ = [
    "EVERYTHING",
    "GROUPS",
    "All",
    "Any",
    "Base",
    "Column",
    "Field",
    "FilterError",
    "Is",
    "Json",
    "Listed",
    "Missing",
    "Not",
    "Phrase",
    "Related",
    "Scope",
    "Tree",
    "View",
    "base",
    "base_keys",
    "both",
    "conditions",
    "dump",
    "expression_of",
    "fulfils",
    "holds",
    "is_timeless",
    "lists",
    "parse",
    "phrase",
    "phrases",
    "plan",
    "resolve",
    "standing_in",
    "view_of",
    "where",
]
