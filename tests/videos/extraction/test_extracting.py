"""From an uploaded video to its frames: all of them once, or one reason and nothing left."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from ftcml.core.files import storage
from tests.factories import BoxFactory
from tests.videos.decoding.filming import film as write_film
from tests.videos.decoding.filming import sound
from tests.videos.extraction.lively_films import lively_film, noise
from videos.extraction import extracting, extraction_leases, frame_store
from videos.extraction.frame_store import FrameStore
from videos.models import Activity, Video
from videos.reasons import Code

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

EVERY = {"extraction": Video.Extraction.EVERY_NTH, "every_nth": 1}


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return lively_film(tmp_path / "film.mp4")


def seen(video: Video) -> list[tuple]:
    """What the frames are, but for the keys of their rows."""
    fields = ("number", "number_in_video", "seconds", "fingerprint", "near_duplicate_of", "picture_name", "width")
    return list(video.frames.values_list(*fields))


def pictures(video: Video) -> list[Image.Image]:
    return [Image.open(io.BytesIO(storage.open_file(frame.picture_name).read())) for frame in video.frames.all()]


def test_a_video_becomes_frames_and_its_file_is_removed(extracted, film: Path, stored_files) -> None:
    video = extracted(film)
    assert (video.state, video.error) == (Video.State.READY, "")
    assert [(frame.number, frame.number_in_video) for frame in video.frames.all()] == [(n, n) for n in range(20)]
    assert video.frames.last().seconds == pytest.approx(1.9)
    assert (video.width, video.height, video.frames_per_second) == (160, 96, pytest.approx(10))
    assert (video.frames_done, video.frames_total, video.frames_in_video) == (20, 20, 20)
    assert {picture.size for picture in pictures(video)} == {(160, 96)}
    assert len(stored_files()) == 20
    assert video.picture_bytes == sum(Path(name).stat().st_size for name in stored_files())
    entry = Activity.objects.get()
    assert (entry.action, entry.params) == (Activity.Action.EXTRACTED, {"frames": 20})


def test_where_and_by_whom_it_was_filmed_is_forgotten(extracted, tmp_path: Path, stored_files) -> None:
    film = lively_film(tmp_path / "film.mov", location="+37.3349-122.0090/", artist="Kim", comment="of Kim's phone")
    assert all(said in film.read_bytes() for said in (b"+37.3349", b"Kim"))
    video = extracted(film)
    rows = [*Video.objects.values(), *video.frames.values(), *Activity.objects.values()]
    assert not [said for said in ("+37.3349", "Kim") if said in str(rows)]
    kept = b"".join(Path(name).read_bytes() for name in stored_files())
    assert not [said for said in (b"+37.3349", b"Kim") if said in kept]


def test_one_frame_in_seven(extracted, film: Path) -> None:
    video = extracted(film, extraction=Video.Extraction.EVERY_NTH, every_nth=7)
    assert list(video.frames.values_list("number", "number_in_video")) == [(0, 0), (1, 7), (2, 14)]
    assert video.frames_in_video == 20


def test_those_that_differ_most(extracted, film: Path) -> None:
    video = extracted(film, frames_wanted=5)
    assert (video.frames.count(), video.frames_in_video) == (5, 20)


def test_frames_that_hardly_differ_are_marked_and_kept(extracted, tmp_path: Path) -> None:
    video = extracted(write_film(tmp_path / "film.mp4", [noise(1), noise(2), noise(1), noise(1), noise(2)]), **EVERY)
    assert list(video.frames.values_list("near_duplicate_of", flat=True)) == [None, None, 0, 0, 1]


def test_the_first_frame_is_shown_before_the_others_are_known(uploaded, film: Path, monkeypatch) -> None:
    counts: list[int] = []
    add = FrameStore.add

    def noting(store: FrameStore, frame: object) -> None:
        add(store, frame)
        counts.append(video.frames.count())

    monkeypatch.setattr(FrameStore, "add", noting)
    monkeypatch.setattr(frame_store, "_SECONDS_BETWEEN_WRITES", 60)
    video = uploaded(film)
    extracting.extract(video)
    assert counts == [1] * 20
    assert video.frames.count() == 20


@pytest.mark.parametrize("choice", [EVERY, {"frames_wanted": 15}], ids=["every", "differing"])
def test_after_a_death_the_frames_are_the_same_and_none_comes_twice(
    uploaded, extracted, film: Path, monkeypatch, stored_files, choice: dict
) -> None:
    whole = extracted(film, **choice)
    before = len(stored_files())
    monkeypatch.setattr(frame_store, "_MOST_WAITING", 4)
    video = uploaded(film, **choice)
    write, done = FrameStore.write, []

    def dying(store: FrameStore) -> None:
        if len(done) == 3:
            raise KeyboardInterrupt  # pictures are stored whose rows are not written
        write(store)
        done.append(store.stored)

    with monkeypatch.context() as patched:
        patched.setattr(FrameStore, "write", dying)
        with pytest.raises(KeyboardInterrupt):
            extracting.extract(video)
    assert video.frames.count() == 9
    box = BoxFactory(frame=video.frames.first())
    Video.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    video.refresh_from_db()
    extracting.extract(video)
    assert (video.state, video.attempts) == (Video.State.READY, 2)
    assert [frame[:5] for frame in seen(video)] == [frame[:5] for frame in seen(whole)]
    assert [picture.tobytes() for picture in pictures(video)] == [picture.tobytes() for picture in pictures(whole)]
    assert len(stored_files()) == 2 * before
    assert video.frames.first().boxes.get() == box, "what people did meanwhile stays"


def test_what_is_no_video_is_refused_and_leaves_nothing(extracted, tmp_path: Path, stored_files) -> None:
    video = extracted(sound(tmp_path / "sound.mp4"))
    assert (video.state, video.reason_code) == (Video.State.FAILED, Code.NO_FRAMES)
    assert video.error.startswith("That video has no pictures in it")
    (tmp_path / "text.mp4").write_text("no video at all" * 1000)
    assert extracted(tmp_path / "text.mp4").reason_code == Code.NOT_A_VIDEO
    assert stored_files() == []


def test_of_too_many_frames_none_stays_but_the_file_does(extracted, film: Path, settings, stored_files) -> None:
    settings.VIDEO_MAX_FRAMES = 19
    video = extracted(film, **EVERY)
    assert (video.state, video.reason_code, video.reason_params) == ("FAILED", Code.TOO_MANY_FRAMES, {"most": 19})
    assert (video.frames.count(), video.frames_done) == (0, 0)
    assert [name.split("/")[-2] for name in stored_files()] == ["uploads"], "another choice needs the file again"


def test_a_video_that_killed_three_workers_is_given_up(uploaded, film: Path, stored_files) -> None:
    video = uploaded(film, attempts=3)
    extracting.extract(video)
    assert video.error.startswith("Getting the frames failed 3 times.")
    assert stored_files() == []


def test_without_its_file_nothing_that_is_stored_is_touched(uploaded, film: Path, stored_files) -> None:
    """The database may be an older copy; a newer one has frames there."""
    video = uploaded(film)
    storage.move(video.picture_name(0), Path(storage.local_path(video.uploads.get().stored_name, film.parent)))
    extracting.extract(video)
    assert video.reason_code == Code.FILES_MISSING
    assert len(stored_files()) == 1


@pytest.mark.parametrize("field", ["deleted", "trashed_at"])
def test_of_a_video_that_is_deleted_meanwhile_only_the_trash_keeps_files(
    uploaded, film: Path, monkeypatch, stored_files, field: str
) -> None:
    video, write = uploaded(film), FrameStore.write

    def deleting(store: FrameStore) -> None:
        if store.stored:
            Video.everything.update(**{field: timezone.now(), "lease_until": None})
        write(store)

    monkeypatch.setattr(FrameStore, "write", deleting)
    monkeypatch.setattr(frame_store, "_MOST_WAITING", 4)
    extracting.extract(video)
    assert Video.everything.get().state == Video.State.EXTRACTING
    assert bool(stored_files()) == (field == "trashed_at")
    Video.everything.update(trashed_at=None)
    assert [waiting.pk for waiting in extraction_leases.waiting()] == ([video.pk] if field == "trashed_at" else [])


def test_archives_wait_for_those_who_can_read_them(uploaded, film: Path) -> None:
    uploaded(film, kind=Video.Kind.ARCHIVE)
    assert extraction_leases.claim_next() is None
