"""A model's boxes are proposed where nobody has said anything yet, once, and wait for a person."""

import pytest
from PIL import Image

from ftcml.core.files import storage
from tests.factories import BoxFactory, LabelFactory, TrainingJobFactory, add_model
from tests.training.proposals.conftest import ScriptedFinder, as_it_ended, at
from training.models import FrameDetections, ModelRun, TrainingJob
from training.proposals import proposing as model_proposing
from training.proposals import running, runs
from training.proposals.finder import Seen
from training.proposals.run_leases import Lease
from training.proposals.runs import RunChoices
from training.reasons import RunFailure
from training.refusals import JobRefused
from training.states import JobState
from training.trash import moving as trash
from videos.labeling import changes, proposing
from videos.models import Box, Video
from videos.services import trash as video_trash

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def run_over(video: Video, model: TrainingJob, **choices) -> ModelRun:
    return as_it_ended(runs.start(video, model, None, RunChoices(**choices)))


def proposed(video: Video, number: int) -> list[tuple[str, float]]:
    boxes = proposing.open_proposals(video).filter(frame__number=number)
    return [(box.label.name, box.xmin) for box in boxes.order_by("xmin")]


def test_boxes_wait_unconfirmed_in_frames_that_no_one_has_finished(video, model, finds) -> None:
    video.frames.filter(number=1).update(finished=True)
    video.frames.filter(number=2).update(ignored=True)
    finds({number: [at(10, score=0.8), at(300, "cube", 0.3)] for number in range(6)})
    run = run_over(video, model)
    assert (run.state, run.frames_done, run.frames_total, run.boxes_proposed) == ("DONE", 4, 4, 4)
    assert [proposed(video, number) for number in range(4)] == [[("cone", 10)], [], [], [("cone", 10)]]
    box = video.frames.get(number=0).boxes.get()
    assert (box.origin, box.confirmed, box.score, box.person) == ("proposed", False, 0.8, None)


def test_others_see_them_as_a_change_of_the_video(video, model, finds) -> None:
    finds({3: [at(10)]})
    run_over(video, model)
    video.refresh_from_db()
    frame = video.frames.get(number=3)
    assert (frame.version, video.frames.get(number=4).version) == (1, 0)
    assert changes.since(video, frame.changed - 1, 100) == ([frame], video.changes)


def test_nothing_is_proposed_where_a_box_of_that_label_is(video, model, finds, team) -> None:
    drawn = BoxFactory(frame=video.frames.get(number=0), label=LabelFactory(team=team, name="cone"))
    drawn.xmin, drawn.ymin, drawn.xmax, drawn.ymax = 20, 100, 120, 200
    drawn.save()
    finds({0: [at(10, "cone", 0.9), at(400, "cone", 0.8), at(12, "cube", 0.7)]})
    run_over(video, model)
    assert proposed(video, 0) == [("cone", 400)], "the cube is the first cone's second label"


def test_what_a_person_deleted_is_not_proposed_again_and_no_frame_is_looked_at_twice(video, model, finds) -> None:
    looked_at = finds({0: [at(10), at(300, score=0.4)]})
    run_over(video, model)
    proposing.open_proposals(video).delete()
    assert run_over(video, model).boxes_proposed == 0
    assert run_over(video, model, minimum_confidence=0.3).boxes_proposed == 1, "it wasn't sure enough before"
    assert looked_at == [0, 1, 2, 3, 4, 5]
    assert proposed(video, 0) == [("cone", 300)]


def test_a_newer_model_takes_the_place_of_an_older_ones_open_proposals(video, model, finds, team) -> None:
    finds({0: [at(10), at(300)]})
    run_over(video, model)
    Box.objects.filter(xmin=300).update(confirmed=True)
    newer = TrainingJobFactory(team=team, labels=["cone"])
    storage.put(add_model(newer).name, storage.open_file(model.model_name))
    finds({0: [at(500)]})
    run_over(video, newer)
    assert proposed(video, 0) == [("cone", 500)]
    assert video.frames.get(number=0).boxes.count() == 2, "what a person accepted stays"
    assert list(runs.models_of(team)) == [newer, model]


def test_a_range_a_stop_and_what_goes_wrong(video, model, finds, monkeypatch) -> None:
    finds({})
    assert run_over(video, model, first=2, last=3).frames_total == 2
    stopped = runs.stop(runs.start(video, model, None, RunChoices()))
    assert as_it_ended(stopped).state == "STOPPED"
    storage.remove(model.model_name)
    assert run_over(video, model).reason_code == RunFailure.NO_MODEL_FILE
    with pytest.raises(JobRefused, match="no such frame"):
        runs.start(video, model, None, RunChoices(first=6))
    with pytest.raises(JobRefused, match="from 0 to 1"):
        runs.start(video, model, None, RunChoices(minimum_confidence=float("nan")))
    monkeypatch.setattr(runs, "MOST_RUNS", 1)
    runs.start(video, model, None, RunChoices())
    with pytest.raises(JobRefused, match="Wait until one is done"):
        runs.start(video, model, None, RunChoices())


def test_a_run_that_was_cut_off_goes_on_with_the_rest(video, model, finds, monkeypatch) -> None:
    looked_at = finds({number: [at(10)] for number in range(6)})
    monkeypatch.setattr("training.proposals.running._AT_ONCE", 2)
    run = runs.start(video, model, None, RunChoices(last=3))
    as_it_ended(run)
    ModelRun.objects.filter(pk=run.pk).update(state="RUNNING", last=5)
    assert as_it_ended(run).state == "DONE"
    assert looked_at == [0, 1, 2, 3, 4, 5]
    assert FrameDetections.objects.count() == proposing.open_proposals(video).count() == 6


def test_what_happens_while_a_model_looks_is_taken_into_account(video, model, finds, monkeypatch) -> None:
    """Another run of the same model looks at the same frames, and a person withdraws what that proposed."""
    finds({number: [at(10)] for number in range(6)})
    long, short = (runs.start(video, model, None, RunChoices()) for _ in range(2))
    looks = ScriptedFinder.look_at

    def meanwhile(finder: ScriptedFinder, picture: Image.Image, size: tuple[int, int]) -> Seen:
        monkeypatch.setattr(ScriptedFinder, "look_at", looks)
        running.run_held(short, Lease.claim(short))
        model_proposing.withdraw(video)
        return looks(finder, picture, size)

    monkeypatch.setattr(ScriptedFinder, "look_at", meanwhile)
    running.run_held(long, Lease.claim(long))
    for run in (long, short):
        run.refresh_from_db()
    assert [(run.state, run.boxes_proposed) for run in (long, short)] == [("DONE", 6), ("DONE", 6)]
    assert FrameDetections.objects.count() == proposing.open_proposals(video).count() == 6


@pytest.mark.parametrize("what", ["model", "video"])
def test_a_run_stops_when_its_model_or_video_is_deleted_meanwhile(video, model, finds, monkeypatch, what) -> None:
    looked_at = finds({number: [at(10)] for number in range(6)})
    monkeypatch.setattr("training.proposals.running._AT_ONCE", 2)
    TrainingJob.objects.filter(pk=model.pk).update(state=JobState.SUCCEEDED)
    run = runs.start(video, model, None, RunChoices())
    looks = ScriptedFinder.look_at

    def meanwhile(finder: ScriptedFinder, picture: Image.Image, size: tuple[int, int]) -> Seen:
        monkeypatch.setattr(ScriptedFinder, "look_at", looks)
        trash.move_to_trash(
            TrainingJob.objects.get(pk=model.pk), "coach"
        ) if what == "model" else video_trash.move_to_trash(video, None)
        return looks(finder, picture, size)

    monkeypatch.setattr(ScriptedFinder, "look_at", meanwhile)
    assert (as_it_ended(run).state, looked_at) == ("STOPPED", [0, 1])
