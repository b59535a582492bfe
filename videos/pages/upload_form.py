from django import forms

from ftcml.core.requests.parameters import WholeNumber
from videos.models import Video
from videos.services.receiving import rules

_ABOUT = Video._meta.get_field("frames_wanted").default


class FramesForm(forms.Form):
    """Which frames of a video to take."""

    frames = forms.ChoiceField(
        label="Frames to take",
        widget=forms.RadioSelect,
        choices=[
            (Video.Extraction.DIFFERING.value, f"About {_ABOUT} that differ most"),
            (rules.EVERY_FRAME, "Every frame"),
            (Video.Extraction.EVERY_NTH.value, "One frame in every few"),
        ],
        initial=Video.Extraction.DIFFERING.value,
    )
    every = WholeNumber(label="Take one frame in", min_value=2, max_value=rules.MAX_EVERY_NTH, initial=5)


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class UploadForm(FramesForm):
    """What the Upload dialog asks for all files. The browser sends it along with each, and uploads.begin checks it."""

    upload = forms.FileField(label="Files", widget=_SeveralFiles({"multiple": True}))
