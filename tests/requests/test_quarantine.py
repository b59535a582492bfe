"""What was uploaded and not judged yet: no address gives it to anyone, whatever is asked of its dataset or video."""

import pytest
from django.core.files.base import ContentFile

from datasets.models import Dataset
from ftcml.core.files import storage
from tests.one_of_everything import make_team, names_of
from tests.people import COACH
from tests.requests.test_access_matrix import ADDRESSES, ask
from videos.models import Upload, Video
from videos.services.receiving import received_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_often_as_one_likes", "without_logs")]

# As it stands in the file that was sent.
SENT = b"not judged by anyone yet"


@pytest.fixture
def waiting(db) -> dict[str, object]:
    """The names of a dataset and a video of a team, whose files wait for their processes."""
    team, job = make_team()
    names = names_of(job)
    dataset, video = job.datasets.get(), Video.objects.get(team=team, state=Video.State.READY)
    Dataset.objects.filter(pk=dataset.pk).update(state=Dataset.State.PRODUCING)
    Video.objects.filter(pk=video.pk).update(state=Video.State.EXTRACTING)
    arrived = Upload.objects.create(video=video, filename="film.mp4", size=len(SENT), offset=len(SENT))
    arriving = Upload.objects.get(video__team=team, video__state=Video.State.UPLOADING)
    for name in (dataset.archive_name, arrived.stored_name):
        storage.put(name, ContentFile(SENT))
    received_file.path_of(arriving.pk).write_bytes(SENT)
    return {"names": names, "team": team}


def test_no_address_gives_out_a_file_that_waits_for_its_judgment(waiting) -> None:
    client = COACH.client(waiting["team"])
    assert [one.route for one in ADDRESSES if SENT in ask(client, one, "GET", waiting["names"]).text_of_all] == []
