"""Gives roles that manage the process the rights that came after their document was written."""

import io

from django.db import migrations
from django.utils import timezone

#: Right → it came with this upgrade.
NEW = ("share_views", "export_deals")


def give(apps, schema_editor, *, new=NEW):
    """To the roles and, as a further version, to the document in force, or switching it on anew would take them away."""
    for role in apps.get_model("staff", "Role").objects.all():
        if missing := missing_in(role.may, new):
            role.may = [*role.may, *missing]
            role.save(update_fields=["may"])
    versions = apps.get_model("process", "Version").objects
    active = versions.filter(is_active=True).first()
    text = amended(active.document, new) if active else None
    if active and text:
        versions.filter(pk=active.pk).update(is_active=False)
        versions.create(document=text, comment=f"New rights: {', '.join(new)}", created_at=timezone.now(), is_active=True)


def missing_in(may, new):
    return [right for right in new if right not in may] if "manage_process" in may else []


def amended(document, new):
    """The text with the rights written in, its comments and order kept; None when nothing is missing."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.allow_unicode, yaml.width, yaml.preserve_quotes = True, 4096, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    tree = yaml.load(document)
    added = False
    for role in tree.get("roles") or []:
        if missing := missing_in(role.get("may") or [], new):
            role["may"].extend(missing)
            added = True
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue() if added else None


class Migration(migrations.Migration):
    dependencies = [("process", "0002_pick"), ("staff", "0003_layouts")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
