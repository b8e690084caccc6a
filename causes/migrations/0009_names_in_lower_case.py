import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("causes", "0008_invitations")]

    operations = [
        migrations.AddIndex(
            model_name="alternatename",
            index=models.Index(
                django.db.models.functions.text.Lower("name"), name="alternate_name_in_lower_case"
            ),
        ),
    ]
