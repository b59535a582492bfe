"""Videos with finished frames, whose small pictures are stored."""

import io

import numpy as np
from django.core.files.base import ContentFile
from PIL import Image

from ftcml.accounts.models import Team
from ftcml.core.files import storage
from ftcml.core.pictures.near_duplicates import fingerprint
from tests.factories import BoxFactory, LabelFactory, VideoFactory, VideoFrameFactory
from videos.models import Label, Video


def label(team: Team, name: str) -> Label:
    return Label.objects.filter(team=team, name=name).first() or LabelFactory(team=team, name=name)


def film(team: Team, frames: int = 30, labels: tuple = ("cone",), finished: int | None = None, **video) -> Video:
    """A READY video of so many frames, finished from the first on, each with a box of every label given."""
    made = VideoFactory(team=team, **video)
    rows = [label(team, name) for name in labels]
    for number in range(frames):
        pixels = np.random.default_rng([number, made.pk.int % 1000]).integers(0, 255, (9, 16), dtype=np.uint8)
        picture = Image.fromarray(pixels).resize((64, 36))
        frame = VideoFrameFactory(
            video=made,
            number=number,
            seconds=number / 2,
            width=64,
            height=36,
            finished=finished is None or number < finished,
            fingerprint=fingerprint(picture),
        )
        for place, row in enumerate(rows):
            BoxFactory(frame=frame, label=row, xmin=8 + place, ymin=9, xmax=32 + place, ymax=27)
        file = io.BytesIO()
        picture.convert("RGB").save(file, "JPEG")
        storage.put(frame.picture_name, ContentFile(file.getvalue()))
    return made
