"""More Training makes lines of models: those that a model goes back to, and those that were trained from it."""

from django.db import connection

from training.models import TrainingJob

_ANCESTORS = """
WITH RECURSIVE line (id, generation) AS (
    SELECT parent_id, 1 FROM training_trainingjob WHERE id = %s
    UNION ALL
    SELECT job.parent_id, line.generation + 1 FROM training_trainingjob job JOIN line ON job.id = line.id
)
SELECT job.* FROM training_trainingjob job JOIN line ON job.id = line.id ORDER BY line.generation DESC
"""


def ancestors(job: TrainingJob) -> list[TrainingJob]:
    """What the job goes back to, the first training first and its parent last; by one query."""
    if job.parent_id is None:
        return []
    key = TrainingJob._meta.pk.get_db_prep_value(job.pk, connection)
    return list(TrainingJob.objects.raw(_ANCESTORS, [key]))


def children(job: TrainingJob) -> list[TrainingJob]:
    """What was trained from the job, in the order in which it was started."""
    return list(job.children.order_by("created", "id"))
