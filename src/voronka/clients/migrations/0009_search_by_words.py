"""Names by their whole words, and notes by their words and age."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

NAME_WORDS = "regexp_split_to_array(translate(lower(%(expressions)s), 'ё', 'е'), '[^[:alpha:]]+')"


def by_name(name: str) -> django.contrib.postgres.indexes.GinIndex:
    words = models.Func(
        models.F("name"),
        output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
        template=NAME_WORDS,
    )
    return django.contrib.postgres.indexes.GinIndex(words, name=name)


class Migration(migrations.Migration):
    dependencies = [("clients", "0008_segments")]
    operations = [
        migrations.AddIndex(model_name="company", index=by_name("company_name_words")),
        migrations.AddIndex(model_name="contact", index=by_name("contact_name_words")),
        migrations.AddIndex(
            model_name="note",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    models.F("text"),
                    output_field=django.contrib.postgres.search.SearchVectorField(),
                    template="to_tsvector('russian', %(expressions)s)",
                ),
                models.Func(models.F("id"), output_field=models.BigIntegerField(), template="(%(expressions)s / 20000)"),
                name="note_words_by_age",
            ),
        ),
        migrations.RemoveIndex(model_name="note", name="note_words"),
    ]
