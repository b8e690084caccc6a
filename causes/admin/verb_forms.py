"""The forms of the verbs' screens."""

from typing import Any

from django import forms
from django.utils import timezone

from causes.models import Edition, Redaction
from causes.models.fields import PlainField

NEEDS_A_REASON = {Edition.Change.CORRECTION, Edition.Change.EVIDENCE}


def text_area(label: str, *, required: bool = True, help_text: str = "") -> PlainField:
    widget = forms.Textarea(attrs={"rows": 3})
    return PlainField(
        label=label, required=required, widget=widget, help_text=help_text, max_length=5000
    )


class PublishForm(forms.Form):
    """When a version goes live, what kind of change it is, and what readers are told of it."""

    at = forms.SplitDateTimeField(
        label="Go live on",
        required=False,
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": "Date"},
            time_attrs={"type": "time", "aria-label": "Time"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
    )
    scheduled = forms.ChoiceField(
        label="The version that is scheduled already",
        choices=[("keep", "Keep it: it replaces this one at its time"), ("replace", "Replace it")],
        widget=forms.RadioSelect,
    )
    change = forms.ChoiceField(
        label="Kind of change",
        choices=Edition.Change.choices,
        widget=forms.RadioSelect,
        help_text="A change of wording never moves the date of the review.",
    )
    note = text_area(
        "What changed in the advice, and why", required=False, help_text="Readers see this."
    )

    def __init__(
        self, *args: Any, is_scheduled: bool, is_first: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        self.fields["at"].help_text = f"Leave empty to publish now. The time zone is {zone}."
        if not is_scheduled:
            del self.fields["scheduled"]
        if is_first:
            del self.fields["change"]

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at and at <= timezone.now():
            raise forms.ValidationError("That time has passed. Choose a later one.")
        return at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("change") in NEEDS_A_REASON and not cleaned.get("note", "").strip():
            self.add_error("note", "Say what changed in the advice, and why.")
        return cleaned


class ReasonForm(forms.Form):
    """Why a schedule is cancelled, or a version returned."""

    note = text_area("Why")


class NoteForm(forms.Form):
    """A note for colleagues, or none."""

    note = text_area("Note", required=False)


class WithdrawForm(forms.Form):
    """Why a page is withdrawn, and whether its readers could come to harm."""

    note = text_area("Why")
    safety_warning = text_area(
        "A warning for readers, if the page could harm them",
        required=False,
        help_text="It stands before the text where somebody looks up what the page said.",
    )


class CommentForm(forms.Form):
    role = PlainField(max_length=200, label="Your role")
    note = text_area("Comment")


class SignOffForm(forms.Form):
    role = PlainField(
        max_length=200,
        label="Your role",
        help_text="As colleagues should read it: “Consultant neurologist”.",
    )
    note = text_area("Note", required=False)


class InviteForm(forms.Form):
    recipient = PlainField(max_length=200, label="For whom", help_text="Name and role.")
    days = forms.IntegerField(
        min_value=1, max_value=90, initial=14, label="Days that the link holds"
    )


class AskRedactionForm(forms.Form):
    """Which edition's text must go, and why."""

    edition = forms.ModelChoiceField(Edition.objects.none(), to_field_name="number")
    reason = forms.ChoiceField(choices=Redaction.Reason.choices, widget=forms.RadioSelect)
    note = text_area("What is wrong", help_text="For editors. Do not repeat the text itself.")

    def __init__(self, *args: Any, editions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].queryset = editions
        self.fields["edition"].label_from_instance = lambda edition: (
            f"Edition {edition.number}, {timezone.localtime(edition.live_from):%-d %B %Y} to "
            f"{timezone.localtime(edition.live_until):%-d %B %Y}"
        )
