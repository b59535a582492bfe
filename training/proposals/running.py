"""Runs a model over the frames of a run that somebody holds. What was found before is never looked for again."""

import logging
import time
from collections.abc import Sequence
from contextlib import suppress

from django.conf import settings
from PIL import Image

from detector.contract import model_variants
from ftcml.core.files import storage
from ftcml.core.lease import LeaseLost
from ftcml.core.logging import logs
from ftcml.core.reasons import Break, Reason
from ftcml.core.work.bounds import Bounds
from ftcml.core.work.breaking import Breaking
from ftcml.core.work.work_folders import work_folder
from machine.children import Limits
from training.models import FrameDetections, ModelRun, TrainingJob
from training.proposals import audit, features, proposing
from training.proposals.finder import Finder
from training.proposals.run_frames import frames_of
from training.proposals.run_leases import WORK_PREFIX, Lease
from training.reasons import RunFailure
from videos.models import Frame, Video
from videos.refusals import VideoRefused

log = logging.getLogger(__name__)

# So many frames are written together: a person sees the first ones within a second.
_AT_ONCE = 8


class RunFailed(Exception):
    """The run can't be done."""

    def __init__(self, code: RunFailure, **params: int | str) -> None:
        super().__init__(code)
        self.reason = Reason(code, dict(params))


def bounds() -> Bounds:
    """Return what one run may use."""
    limits = Limits(
        settings.MODEL_RUN_MAX_PROCESSOR_SECONDS, settings.MODEL_RUN_MAX_SECONDS, settings.MODEL_RUN_MAX_MEMORY_BYTES
    )
    return Bounds(limits, settings.MODEL_RUN_MAX_STEP_SECONDS)


def run_held(run: ModelRun, lease: Lease) -> None:
    """Do a run that the caller holds: it ends DONE, or FAILED with its reason."""
    breaking = Breaking(
        lease=lease,
        bounds=bounds(),
        most_attempts=settings.MODEL_RUN_MAX_ATTEMPTS,
        about=about(run),
        fail=lambda reason: fail(lease, reason),
        gone=lambda: None,
    )
    with logs.about(run.team_id, job_id=run.job_id, video_id=run.video_id), breaking.settled():
        try:
            _run(run, lease)
        except RunFailed as failure:
            fail(lease, failure.reason)
        except VideoRefused as refusal:
            fail(lease, Reason(RunFailure.OTHER, {"text": str(refusal)}))


def fail(lease: Lease, reason: Reason) -> None:
    """End the run as FAILED, if it's still ours."""
    code = RunFailure(f"run_{reason.code}") if reason.code in list(Break) else reason.code
    with suppress(LeaseLost):
        lease.release(state=ModelRun.State.FAILED, reason_code=code, reason_params=reason.params)


def about(run: ModelRun) -> str:
    """Return how a line of the log names a run."""
    return f"run {run.pk} of model {run.job_id} over video {run.video_id}"


def _run(run: ModelRun, lease: Lease) -> None:
    """Raises RunFailed, VideoRefused, LeaseLost, and whatever breaks."""
    if lease.attempt > settings.MODEL_RUN_MAX_ATTEMPTS:
        raise RunFailed(RunFailure.CRASHED, times=lease.attempt - 1)
    began = time.monotonic()
    if _is_deleted(run):
        lease.release(state=ModelRun.State.STOPPED)
        return
    frames = list(frames_of(run))
    lease.write(frames_total=len(frames), frames_done=0)
    with work_folder(WORK_PREFIX, run.pk) as folder:
        try:
            path = storage.local_path(_file_name(run.job), folder, lease.beat)
        except FileNotFoundError:
            raise RunFailed(RunFailure.NO_MODEL_FILE) from None
        looker = _Looker(run, lease, Finder(path, run.job.labels))
        for start in range(0, len(frames), _AT_ONCE):
            if _is_deleted(run):
                lease.release(state=ModelRun.State.STOPPED)
                return
            looker.look_at(frames[start : start + _AT_ONCE])
    if run.purpose == ModelRun.Purpose.AUDIT:
        audit.write(run, looker.labeled, lease)
    lease.release(state=ModelRun.State.DONE)
    log.info("%s: %d frames in %.1f s", about(run), len(frames), time.monotonic() - began)


def _is_deleted(run: ModelRun) -> bool:
    """Whether the model or the video has gone into the trash, or for good."""
    jobs, videos = TrainingJob.objects.filter(pk=run.job_id), Video.objects.filter(pk=run.video_id)
    return not (jobs.exists() and videos.exists())


def _file_name(job: TrainingJob) -> str:
    """Of the float32 file, whose layers can be read; of an older model, the only one that there is."""
    names = dict(job.model_files.values_list("variant", "name"))
    return names.get(model_variants.FLOAT32, job.model_name)


class _Looker:
    """Looks at frames, some at a time, and keeps what it finds. `labeled`: what an audit needs of them."""

    def __init__(self, run: ModelRun, lease: Lease, finder: Finder) -> None:
        self._run, self._lease, self._finder = run, lease, finder
        self._done = self._proposed = 0
        self.labeled: list[audit.LabeledFrame] = []

    def look_at(self, frames: Sequence[Frame]) -> None:
        """Raises LeaseLost, VideoRefused."""
        known = {row.frame_id: row for row in FrameDetections.objects.filter(job=self._run.job, frame__in=frames)}
        rows = [row for frame in frames if (row := self._row(frame, known.get(frame.pk)))]
        self._done += len(frames)
        with self._lease.transaction():
            # Another run of this model may have looked at the same frames meanwhile.
            FrameDetections.objects.bulk_create([row for row in rows if row.pk is None], ignore_conflicts=True)
            if self._run.purpose == ModelRun.Purpose.PROPOSALS:
                self._proposed += proposing.propose(self._run, self._stored(rows))
            self._lease.write(frames_done=self._done, boxes_proposed=self._proposed)

    def _stored(self, rows: Sequence[FrameDetections]) -> list[FrameDetections]:
        """The rows as they are now: people may have withdrawn what was proposed."""
        stored = FrameDetections.objects.filter(job=self._run.job, frame__in=[row.frame_id for row in rows])
        return list(stored.select_for_update())

    def _row(self, frame: Frame, known: FrameDetections | None) -> FrameDetections | None:
        """What the model finds in the frame, from before where it looked there already; None for a lost picture."""
        is_audit = self._run.purpose == ModelRun.Purpose.AUDIT
        if known and not is_audit:
            return known
        self._lease.beat()
        try:
            with storage.open_file(frame.picture_name) as file, Image.open(file) as picture:
                seen = self._finder.look_at(picture, (frame.width, frame.height))
        except FileNotFoundError:
            return known
        if is_audit:
            self.labeled.append(audit.LabeledFrame.of(frame, seen))
        return known or FrameDetections(
            job=self._run.job,
            frame=frame,
            boxes=[detection.stored() for detection in seen.detections],
            look=features.stored(features.of_frame(seen.features)),
        )
