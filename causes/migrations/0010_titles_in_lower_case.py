import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("causes", "0009_names_in_lower_case")]

    operations = [
        migrations.AddIndex(
            model_name="page",
            index=models.Index(
                django.db.models.functions.text.Lower("title"), name="page_title_in_lower_case"
            ),
        ),
    ]
