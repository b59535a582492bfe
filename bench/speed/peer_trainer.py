"""The peer trains a job as our trainer does: `python -m bench peer_trainer plain|helped DIR`.

It reads the job.json of the folder and leaves the same reports and detections, so that whoever watches cannot tell the
two apart. Only the input size is taken from the job's starting model. It saves no checkpoint: to its advantage.
"""

import argparse
import sys
from pathlib import Path

import tf_keras

from bench.speed.peer import HELPED, PLAIN, Peer, Variant
from detector.contract import attempt_files, catalog
from detector.contract.reports import Result, StepReport
from detector.contract.spec import JobSpec
from detector.evaluation import coco_metrics
from detector.evaluation.detections import detections_file
from detector.evaluation.matching import match_all
from detector.frames import inputs
from detector.frames.inputs import Frames
from detector.training.journal import Journal

VARIANTS = {"plain": PLAIN, "helped": HELPED}


def train(folder: Path, variant: Variant) -> None:
    """Train to the last step, with an evaluation after each interval of the job and at its end."""
    job = attempt_files.read(folder / attempt_files.JOB, JobSpec)
    journal = Journal(folder, lambda progress: None)
    journal.phase("preparing", 0)
    tf_keras.utils.set_random_seed(job.seed)
    size = catalog.starting_model(job.starting_model).input_size
    peer = Peer(len(job.label_names), size, job.batch_size, job.steps, variant)
    truths = inputs.truths(Frames(job.evaluation_shards, job.evaluation_frames, size))
    held_out = peer.evaluation_batches(job.evaluation_shards)
    batches = iter(peer.training_batches(job.training_shards, job.seed))
    for step in range(1, job.steps + 1):
        loss = peer.learn(next(batches))
        journal.step_done(step, 0.0, float(loss))
        if step % job.checkpoint_interval == 0 or step == job.steps:
            journal.phase("evaluating", step)
            detected = list(peer.detect(held_out))
            metrics = coco_metrics.metrics(truths, detected, len(job.label_names))
            name = journal.detections(step, detections_file(step, job.label_names, match_all(truths, detected)))
            journal.report(StepReport(step, "", {"Loss/total_loss": loss}, metrics, name))
            journal.phase("training", step)
    journal.result(Result("completed", job.steps))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("folder", type=Path, metavar="DIR")
    options = parser.parse_args()
    train(options.folder, VARIANTS[options.variant])
    return 0


if __name__ == "__main__":
    sys.exit(main())
