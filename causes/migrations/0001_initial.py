import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import taggit.managers
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import causes.models.constraints
import causes.models.fields
import causes.models.pages


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),  # for intervals that never overlap; nothing to do on SQLite
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.SlugField(
                        help_text="Names this page in links and history. It can never be changed.",
                        max_length=100,
                        unique=True,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("symptom", "Symptom"),
                            ("category", "Group of causes"),
                            ("condition", "Condition"),
                            ("information", "Information"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "language",
                    models.CharField(default=causes.models.pages.default_language, max_length=10),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the public address.", max_length=100
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="At most 65 characters, in sentence case.", max_length=65
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        blank=True,
                        help_text="One or two plain sentences for lists and search engines.",
                        max_length=160,
                    ),
                ),
                (
                    "lead",
                    causes.models.fields.RichTextField(
                        blank=True, help_text="The first sentences of the page."
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("unchecked", "Not yet checked against its sources"),
                            ("checked", "Checked against its sources"),
                        ],
                        default="unchecked",
                        max_length=20,
                    ),
                ),
                (
                    "review_interval",
                    models.PositiveSmallIntegerField(
                        default=36,
                        help_text="A review is due after so many months.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="review interval (months)",
                    ),
                ),
                (
                    "reviewed_by",
                    models.CharField(
                        blank=True,
                        help_text="Name and role of the clinician who reviewed it.",
                        max_length=200,
                    ),
                ),
                ("reviewed_on", models.DateField(blank=True, null=True)),
                (
                    "original",
                    models.ForeignKey(
                        blank=True,
                        help_text="The page that this one translates.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translations",
                        to="causes.page",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="owned_pages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
                "permissions": [
                    ("publish_page", "Can publish and withdraw pages"),
                    ("sign_off_page", "Can sign off pages as a clinical reviewer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=100, unique=True)),
                ("publisher", models.CharField(max_length=100)),
                ("title", models.CharField(max_length=200)),
                ("url", models.URLField(max_length=500, verbose_name="address")),
                ("licence", models.CharField(blank=True, max_length=100)),
                (
                    "checked",
                    models.CharField(
                        choices=[
                            ("text", "Text read"),
                            ("address", "Address only: further reading"),
                        ],
                        default="address",
                        max_length=10,
                    ),
                ),
                (
                    "last_reviewed",
                    models.CharField(
                        blank=True, help_text="As the publisher states it.", max_length=100
                    ),
                ),
                (
                    "supports",
                    models.CharField(
                        blank=True, help_text="What it supports. For editors.", max_length=200
                    ),
                ),
            ],
            options={
                "ordering": ["publisher", "title"],
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="as_category",
                        serialize=False,
                        to="causes.page",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "verbose_name": "group of causes",
                "verbose_name_plural": "groups of causes",
            },
            bases=("causes.page",),
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="as_condition",
                        serialize=False,
                        to="causes.page",
                    ),
                ),
            ],
            options={
                "verbose_name": "condition",
            },
            bases=("causes.page",),
        ),
        migrations.CreateModel(
            name="Information",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="as_information",
                        serialize=False,
                        to="causes.page",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "verbose_name": "information page",
            },
            bases=("causes.page",),
        ),
        migrations.CreateModel(
            name="Symptom",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="as_symptom",
                        serialize=False,
                        to="causes.page",
                    ),
                ),
                (
                    "in_sentence",
                    models.CharField(
                        help_text='The symptom as it stands in a sentence: "leg numbness".',
                        max_length=65,
                    ),
                ),
            ],
            options={
                "verbose_name": "symptom",
            },
            bases=("causes.page",),
        ),
        migrations.CreateModel(
            name="ContentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="content_version_is_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("document", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("schema", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published")],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("author_name", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="causes.page",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("record", "Saved"),
                            ("publish", "Published"),
                            ("schedule", "Scheduled"),
                            ("cancel", "Cancelled the schedule"),
                            ("withdraw", "Withdrew"),
                            ("move", "Address changed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("actor_name", models.CharField(max_length=200)),
                ("by_fixture", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="causes.page",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="causes.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("key", models.SlugField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("symptom", "Symptom"),
                            ("category", "Group of causes"),
                            ("condition", "Condition"),
                            ("information", "Information"),
                        ],
                        max_length=20,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("path", models.CharField(max_length=300)),
                ("order", models.PositiveSmallIntegerField(default=1)),
                ("title", models.CharField(max_length=65)),
                ("summary", models.CharField(blank=True, max_length=160)),
                ("body", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("live_from", models.DateTimeField()),
                ("live_until", models.DateTimeField(null=True)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="causes.page",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="child_editions",
                        to="causes.page",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="causes.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["page", "-live_from"],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("anchor", models.SlugField(max_length=60)),
                ("order", models.PositiveSmallIntegerField(default=1)),
                (
                    "aspect",
                    models.CharField(
                        choices=[
                            ("overview", "Overview"),
                            ("symptoms", "Symptoms"),
                            ("causes", "Causes"),
                            ("types", "Types"),
                            ("risks", "Risks or complications"),
                            ("see_doctor", "Seeing a doctor"),
                            ("diagnosis", "Tests and diagnosis"),
                            ("treatment", "Treatment"),
                            ("self_care", "Self-care"),
                            ("living_with", "Living with it"),
                            ("prevention", "Prevention"),
                            ("prognosis", "Outlook"),
                        ],
                        default="overview",
                        max_length=20,
                    ),
                ),
                (
                    "heading",
                    models.CharField(help_text="In sentence case, not a question.", max_length=100),
                ),
                ("body", causes.models.fields.RichTextField()),
                (
                    "safety",
                    models.BooleanField(
                        default=False, help_text="A reader's safety depends on this section."
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="causes.page",
                    ),
                ),
                (
                    "citations",
                    models.ManyToManyField(blank=True, related_name="+", to="causes.source"),
                ),
            ],
            options={
                "ordering": ["order", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("anchor", models.SlugField(max_length=60)),
                ("order", models.PositiveSmallIntegerField(default=1)),
                ("note", models.CharField(blank=True, max_length=100)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="causes.page",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="causes.source",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CareCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("anchor", models.SlugField(max_length=60)),
                ("order", models.PositiveSmallIntegerField(default=1)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("emergency", "Emergency: call now"),
                            ("urgent", "Urgent: appointment"),
                            ("non_urgent", "Non-urgent: see a doctor"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "heading",
                    models.CharField(
                        blank=True, help_text="The card's topic, if any.", max_length=65
                    ),
                ),
                (
                    "items",
                    causes.models.fields.LinesField(
                        default=list, help_text="One a line. Each goes on from “Call … now if:”."
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="causes.page",
                    ),
                ),
                (
                    "citations",
                    models.ManyToManyField(blank=True, related_name="+", to="causes.source"),
                ),
            ],
            options={
                "ordering": ["order", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SourceStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("anchor", models.SlugField(max_length=60)),
                ("order", models.PositiveSmallIntegerField(default=1)),
                ("text", models.TextField(help_text="The original sentence, word for word.")),
                (
                    "change",
                    models.TextField(
                        blank=True,
                        help_text="What we changed and why, for readers. Empty if nothing.",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="causes.page",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=100, unique=True, verbose_name="slug"
                    ),
                ),
                (
                    "facet",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("where", "Where is it?"),
                            ("onset", "How did it start?"),
                            ("with", "What comes with it?"),
                            ("system", "Which part of the body is behind it?"),
                            ("linked-to", "What is it linked to?"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True, help_text="A plain definition, one sentence.", max_length=200
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="Its place in its facet."
                    ),
                ),
            ],
            options={
                "ordering": ["facet", "order", "name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True),
                        name="tag_slug_not_empty",
                        violation_error_message="Give the tag an address.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TagAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("slug", models.SlugField(max_length=100, unique=True)),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="causes.tag",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "tag aliases",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="TaggedEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged",
                        to="causes.edition",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tagged_editions",
                        to="causes.tag",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="edition",
            name="tags",
            field=models.ManyToManyField(
                blank=True, related_name="editions", through="causes.TaggedEdition", to="causes.tag"
            ),
        ),
        migrations.CreateModel(
            name="TaggedPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged",
                        to="causes.page",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tagged_pages",
                        to="causes.tag",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="page",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="causes.TaggedPage",
                to="causes.Tag",
                verbose_name="Tags",
            ),
        ),
        migrations.CreateModel(
            name="Cause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("anchor", models.SlugField(max_length=60)),
                ("order", models.PositiveSmallIntegerField(default=1)),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("direct", "Direct cause"),
                            ("underlying", "Can lead to it"),
                            ("umbrella", "A name for several causes"),
                            ("emergency", "Emergency"),
                            ("not_a_cause_here", "Not usually a cause"),
                        ],
                        default="direct",
                        max_length=20,
                    ),
                ),
                (
                    "how",
                    causes.models.fields.RichTextField(
                        blank=True, help_text="How it causes the symptom."
                    ),
                ),
                (
                    "differs",
                    causes.models.fields.RichTextField(
                        blank=True, help_text="What sets it apart from the other causes."
                    ),
                ),
                (
                    "phrase",
                    models.CharField(
                        blank=True,
                        help_text="The source article's own words.",
                        max_length=200,
                        verbose_name="source phrase",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="Never shown to readers.",
                        verbose_name="editor's note",
                    ),
                ),
                (
                    "citations",
                    models.ManyToManyField(blank=True, related_name="+", to="causes.source"),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="causes",
                        to="causes.category",
                    ),
                ),
                (
                    "condition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="causes",
                        to="causes.condition",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.AddField(
            model_name="category",
            name="conditions",
            field=models.ManyToManyField(
                blank=True, related_name="categories", through="causes.Cause", to="causes.condition"
            ),
        ),
        migrations.AddField(
            model_name="category",
            name="symptom",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="categories",
                to="causes.symptom",
            ),
        ),
        migrations.CreateModel(
            name="AlternateName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("anchor", models.SlugField(max_length=60)),
                ("order", models.PositiveSmallIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("also_called", "Also called (shown on the page)"),
                            ("see_reference", "See reference (A to Z)"),
                            ("lay", "Words that readers use"),
                            ("abbreviation", "Abbreviation"),
                            ("spelling", "Other spelling"),
                        ],
                        default="also_called",
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="causes.page",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "anchor"),
                        name="alternatename_anchor_unique_per_page",
                        violation_error_message="Another row of this page has this anchor.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("anchor", ""), _negated=True),
                        name="alternatename_anchor_not_empty",
                        violation_error_message="Give the row an anchor.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=300, unique=True)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addresses",
                        to="causes.page",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "addresses",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("path__endswith", "/"), ("path__startswith", "/")),
                        name="address_path_is_absolute",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cause", "Cause"),
                            ("related", "Related page"),
                            ("text", "Link in the text"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("direct", "Direct cause"),
                            ("underlying", "Can lead to it"),
                            ("umbrella", "A name for several causes"),
                            ("emergency", "Emergency"),
                            ("not_a_cause_here", "Not usually a cause"),
                        ],
                        max_length=20,
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=1)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="causes.edition",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming",
                        to="causes.page",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "order"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "kind", "target"), name="edition_link_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("is_title", models.BooleanField(default=False)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="causes.edition",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "name"), name="edition_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MedicalCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("anchor", models.SlugField(max_length=60)),
                ("order", models.PositiveSmallIntegerField(default=1)),
                ("system", models.CharField(default="ICD-10-CM", max_length=30)),
                ("code", models.CharField(max_length=20)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="causes.page",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "anchor"),
                        name="medicalcode_anchor_unique_per_page",
                        violation_error_message="Another row of this page has this anchor.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("anchor", ""), _negated=True),
                        name="medicalcode_anchor_not_empty",
                        violation_error_message="Give the row an anchor.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RelatedLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("anchor", models.SlugField(max_length=60)),
                ("order", models.PositiveSmallIntegerField(default=1)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="causes.page",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="related_from",
                        to="causes.page",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "anchor"),
                        name="relatedlink_anchor_unique_per_page",
                        violation_error_message="Another row of this page has this anchor.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("anchor", ""), _negated=True),
                        name="relatedlink_anchor_not_empty",
                        violation_error_message="Give the row an anchor.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                fields=("page", "number"), name="revision_number_unique_per_page"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="revision_number_from_1"
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(
                fields=("page", "anchor"),
                name="section_anchor_unique_per_page",
                violation_error_message="Another row of this page has this anchor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(
                condition=models.Q(("anchor", ""), _negated=True),
                name="section_anchor_not_empty",
                violation_error_message="Give the row an anchor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="citation",
            constraint=models.UniqueConstraint(
                fields=("page", "anchor"),
                name="citation_anchor_unique_per_page",
                violation_error_message="Another row of this page has this anchor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="citation",
            constraint=models.CheckConstraint(
                condition=models.Q(("anchor", ""), _negated=True),
                name="citation_anchor_not_empty",
                violation_error_message="Give the row an anchor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="carecard",
            constraint=models.UniqueConstraint(
                fields=("page", "anchor"),
                name="carecard_anchor_unique_per_page",
                violation_error_message="Another row of this page has this anchor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="carecard",
            constraint=models.CheckConstraint(
                condition=models.Q(("anchor", ""), _negated=True),
                name="carecard_anchor_not_empty",
                violation_error_message="Give the row an anchor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcestatement",
            constraint=models.UniqueConstraint(
                fields=("page", "anchor"),
                name="sourcestatement_anchor_unique_per_page",
                violation_error_message="Another row of this page has this anchor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcestatement",
            constraint=models.CheckConstraint(
                condition=models.Q(("anchor", ""), _negated=True),
                name="sourcestatement_anchor_not_empty",
                violation_error_message="Give the row an anchor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tagalias",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True),
                name="tag_alias_slug_not_empty",
                violation_error_message="Give the alias an address.",
            ),
        ),
        migrations.AddConstraint(
            model_name="taggededition",
            constraint=models.UniqueConstraint(
                fields=("edition", "tag"),
                name="tagged_edition_once",
                violation_error_message="The edition has this tag already.",
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(fields=["path", "live_from"], name="edition_by_path"),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(fields=["kind", "title"], name="edition_by_kind"),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(fields=["parent", "order"], name="edition_by_parent"),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                fields=("page", "number"), name="edition_number_unique_per_page"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("live_until__isnull", True),
                    ("live_until__gt", models.F("live_from")),
                    _connector="OR",
                ),
                name="edition_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=causes.models.constraints.NoOverlap(
                end="live_until",
                name="edition_intervals_do_not_overlap",
                owner="page",
                start="live_from",
            ),
        ),
        migrations.AddConstraint(
            model_name="taggedpage",
            constraint=models.UniqueConstraint(
                fields=("content_object", "tag"),
                name="tagged_page_once",
                violation_error_message="The page has this tag already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True),
                name="page_key_not_empty",
                violation_error_message="Give the page a key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["symptom", "category", "condition", "information"])
                ),
                name="page_kind_known",
                violation_error_message="The kind must be one of the known kinds.",
            ),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reviewed_by", ""), ("reviewed_on__isnull", True)),
                    models.Q(
                        models.Q(("reviewed_by", ""), _negated=True), ("reviewed_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="page_reviewer_and_date_together",
                violation_error_message="Give the reviewer and the date of the review, or neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("original__isnull", True),
                    models.Q(("original", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="page_is_not_its_own_original",
                violation_error_message="A page cannot be a translation of itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.UniqueConstraint(
                fields=("original", "language"),
                name="page_one_translation_per_language",
                violation_error_message="This page already has a translation in this language.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.UniqueConstraint(
                fields=("category", "anchor"),
                name="cause_anchor_unique_per_category",
                violation_error_message="Another cause of this group has this anchor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.UniqueConstraint(
                fields=("category", "condition"),
                name="cause_condition_once_per_category",
                violation_error_message="This group already has this condition.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(("anchor", ""), _negated=True),
                name="cause_anchor_not_empty",
                violation_error_message="Give the cause an anchor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "relation__in",
                        ["direct", "underlying", "umbrella", "emergency", "not_a_cause_here"],
                    )
                ),
                name="cause_relation_known",
                violation_error_message="The relation must be one of the known ones.",
            ),
        ),
    ]
