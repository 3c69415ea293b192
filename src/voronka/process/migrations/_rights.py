"""What a migration that brings rights does; see docs/adr/0012."""

import io

from django.utils import timezone


def giving(*rights):
    """A step of a migration: these rights to roles that manage the process, in their rows and in the document."""

    def give(apps, schema_editor):
        """To the roles and, as a further version, to the document in force, or switching it on anew would take them
        away.
        """
        for role in apps.get_model("staff", "Role").objects.all():
            if missing := missing_in(role.may, rights):
                role.may = [*role.may, *missing]
                role.save(update_fields=["may"])
        versions = apps.get_model("process", "Version").objects
        active = versions.filter(is_active=True).first()
        text = amended(active.document, rights) if active else None
        if active and text:
            comment = f"New rights: {', '.join(rights)}"
            versions.filter(pk=active.pk).update(is_active=False)
            versions.create(document=text, comment=comment, created_at=timezone.now(), is_active=True)

    return give


def missing_in(may, rights):
    return [right for right in rights if right not in may] if "manage_process" in may else []


def amended(document, rights):
    """The text with the rights written in, its comments and order kept; None when nothing is missing."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.allow_unicode, yaml.width, yaml.preserve_quotes = True, 4096, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    tree = yaml.load(document)
    added = False
    for role in tree.get("roles") or []:
        if missing := missing_in(role.get("may") or [], rights):
            role["may"].extend(missing)
            added = True
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue() if added else None
