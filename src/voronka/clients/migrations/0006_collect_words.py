"""Each word of a name is kept when the name is written; those of names that are there already are read once."""

from django.db import migrations

WORDS = "regexp_split_to_table(translate(lower({}), 'ё', 'е'), '[^[:alpha:]]+')"

FORWARD = f"""
CREATE OR REPLACE FUNCTION clients_collect_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO clients_word (text)
    SELECT DISTINCT word FROM {WORDS.format("NEW.name")} AS word
    WHERE length(word) > 2 AND NOT EXISTS (SELECT FROM clients_word AS known WHERE known.text = word);
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS clients_collect_words ON clients_contact;
CREATE TRIGGER clients_collect_words AFTER INSERT OR UPDATE OF name ON clients_contact
    FOR EACH ROW EXECUTE FUNCTION clients_collect_words();
DROP TRIGGER IF EXISTS clients_collect_words ON clients_company;
CREATE TRIGGER clients_collect_words AFTER INSERT OR UPDATE OF name ON clients_company
    FOR EACH ROW EXECUTE FUNCTION clients_collect_words();
INSERT INTO clients_word (text)
SELECT DISTINCT word FROM (
    SELECT {WORDS.format("name")} AS word FROM clients_contact
    UNION ALL SELECT {WORDS.format("name")} FROM clients_company
) AS words WHERE length(word) > 2;
"""

BACKWARD = """
DROP TRIGGER clients_collect_words ON clients_contact;
DROP TRIGGER clients_collect_words ON clients_company;
DROP FUNCTION clients_collect_words();
TRUNCATE clients_word;
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0005_words")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
