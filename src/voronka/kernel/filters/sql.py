"""The compiler: a plan becomes one condition of the database. Every check is either true or false, never unknown,
so that `not` means the same here and in Python."""

from collections.abc import Callable

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    DateField,
    DateTimeField,
    DecimalField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models import Field as ModelField
from django.db.models.functions import Lower
from django.db.models.lookups import (
    Contains,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
    Lookup,
    Regex,
    StartsWith,
)

from voronka.kernel.access import GatedQuerySet

from .checks import AllOf, Either, Every, Filled, Holds, OneOf, Order, Plan, Same, Some, Starts, Test, Without
from .fields import Base, Column, Field, Json, Listed, Missing, Related
from .plan import plan
from .scope import Scope
from .tree import Tree

_SIGNS = {"<": LessThan, "<=": LessThanOrEqual, ">": GreaterThan, ">=": GreaterThanOrEqual}

_LOOKUPS: dict[type, type[Lookup]] = {Same: Exact, Holds: Contains, Starts: StartsWith}

_COLUMN_TYPES: dict[str, Callable] = {
    "number": lambda: DecimalField(max_digits=40, decimal_places=10),
    "money": lambda: DecimalField(max_digits=40, decimal_places=10),
    "date": DateField,
    "datetime": DateTimeField,
    "yes_no": BooleanField,
    "row": BigIntegerField,
    "person": BigIntegerField,
}

#: How a declared value must look to be of its kind; what doesn't (its field was of another type) is not filled.
SHAPES = {
    "number": r"^-?[0-9]{1,15}([.][0-9]{1,12})?$",
    "money": r"^-?[0-9]{1,15}([.][0-9]{1,12})?$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "time": r"^[0-9]{2}:[0-9]{2}$",
    "datetime": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$",
}


def where(tree: Tree, base: Base, scope: Scope) -> Q:
    """The filter as a condition for `base.model` rows: `Deal.objects.visible_to(me).filter(where(…))`."""
    return compile_plan(plan(tree, base, scope), scope)


def compile_plan(checked: Plan, scope: Scope) -> Q:
    if isinstance(checked, Every):
        return _all(compile_plan(part, scope) for part in checked.parts)
    if isinstance(checked, Either):
        return _any(compile_plan(part, scope) for part in checked.parts)
    if isinstance(checked, Without):
        return ~compile_plan(checked.part, scope)
    if isinstance(checked, Some):
        return _some(checked, scope)
    return _check(checked.field, checked.test)


def _all(parts) -> Q:
    result = Q()
    for part in parts:
        result &= part
    return result or _true()


def _any(parts) -> Q:
    result = Q()
    for part in parts:
        result |= part
    return result or Q(pk__in=[])


def _true() -> Q:
    return ~Q(pk__in=[])


def _some(some: Some, scope: Scope) -> Q:
    source = some.field.source
    assert isinstance(source, Related)
    return Q(
        Exists(related_rows(some.base, source, scope, OuterRef(source.outer)).filter(compile_plan(some.plan, scope)))
    )


def related_rows(base: Base, source: Related, scope: Scope, outer: object):
    """The rows a relation leads to, through the gate where it needs one."""
    rows = base.model._default_manager.all()
    if source.gated and scope.who is not None:
        assert isinstance(rows, GatedQuerySet)
        rows = rows.visible_to(scope.who)
    return rows.filter(**{source.link: outer})


def _check(field: Field, test: Test) -> Q:
    if isinstance(field.source, Missing):
        return Q(IsNull(ExpressionWrapper(F(field.source.path), output_field=TextField()), True))
    if isinstance(field.source, Listed):
        return _listed(field.source.path, test)
    expression = expression_of(field)
    if isinstance(test, Order):
        return _known(expression, _SIGNS[test.sign](expression, test.edge))
    if isinstance(test, OneOf | AllOf):
        return _values(field, expression, test)
    if isinstance(test, Filled):
        return _filled(field, expression)
    return _known(expression, _LOOKUPS[type(test)](Lower(expression, output_field=TextField()), test.text))


def _listed(path: str, test: Test) -> Q:
    if isinstance(test, Filled):
        return ~Q(**{path: []})
    assert isinstance(test, OneOf | AllOf)
    lookup = "contains" if isinstance(test, AllOf) else "overlap"
    return Q(**{f"{path}__{lookup}": list(test.values)})


def _known(expression: Expression, *conditions: Lookup) -> Q:
    """False where the field is empty, instead of SQL's unknown."""
    return Q(*conditions) & Q(IsNull(expression, False))


def _values(field: Field, expression: Expression, test: OneOf | AllOf) -> Q:
    source = field.source
    if isinstance(source, Json) and field.kind not in ("number", "money", "time"):
        listed = field.kind == "choices"
        parts = [Q(**{f"{source.path}__contains": {source.key: [v] if listed else v}}) for v in test.values]
        return _all(parts) if isinstance(test, AllOf) else _any(parts)
    return _known(expression, In(expression, test.values)) if test.values else _any(())


def _filled(field: Field, expression: Expression) -> Q:
    if isinstance(field.source, Json) and field.kind in ("choices", "file"):
        return _known(expression) & ~Q(Exact(expression, "[]")) & ~Q(Exact(expression, ""))
    if field.kind in ("text", "choice"):
        return _known(expression) & ~Q(Exact(expression, ""))
    return _known(expression)


def expression_of(field: Field) -> Expression:
    """The value of a field in SQL, as its kind; for ordering too. Not for relations."""
    source = field.source
    if isinstance(source, Json):
        text = Func(
            F(source.path),
            Value(source.key),
            template="(%(expressions)s)",
            arg_joiner=" ->> ",
            output_field=TextField(),
        )
        return _shaped(text, field.kind) if field.kind in SHAPES else text
    assert isinstance(source, Column)
    return ExpressionWrapper(F(source.path), output_field=_COLUMN_TYPES.get(field.kind, TextField)())


def _shaped(text: Expression, kind: str) -> Expression:
    """The declared value when it looks like its kind; dates and times keep their order as text."""
    number = kind in ("number", "money")
    kept: ModelField = _COLUMN_TYPES["number"]() if number else TextField()
    outcome = Func(
        text, template="(%(expressions)s)::numeric" if number else '(%(expressions)s COLLATE "C")', output_field=kept
    )
    return Case(When(Regex(text, SHAPES[kind]), then=outcome), output_field=kept)
