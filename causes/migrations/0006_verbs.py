from django.db import migrations, models


def call_cancelled_versions_drafts(apps, schema_editor):
    """What was scheduled and cancelled was called published, though nobody saw it."""
    revisions = apps.get_model("causes", "Revision").objects
    revisions.filter(state="published", editions=None).update(state="draft")


class Migration(migrations.Migration):
    dependencies = [
        ("causes", "0005_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewlink",
            name="counted_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reviewlink",
            name="uses",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunPython(
            call_cancelled_versions_drafts, migrations.RunPython.noop, elidable=True
        ),
    ]
