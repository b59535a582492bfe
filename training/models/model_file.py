"""The files of a job's model."""

from django.db import models

from detector.contract import model_variants
from detector.contract.suppression import DEFAULT_IOU
from training.models.training_job import TrainingJob


class ModelFile(models.Model):
    """One file of a job's model, and what it is worth: contract/model_variants.py, Variant, says what the numbers mean.

    All are of the best checkpoint, save the variant NEWEST: the newest one's float32, not measured.
    Where the variants were not made or measured there is float32 alone, and its measured numbers are None.
    """

    NEWEST = "newest"

    job = models.ForeignKey(TrainingJob, on_delete=models.CASCADE, related_name="model_files")
    variant = models.CharField(max_length=10)
    name = models.CharField("name in the storage", max_length=300)
    # 0 where it isn't known: of a file that was exported before there were rows of files.
    size = models.PositiveIntegerField("size in bytes")
    step = models.PositiveIntegerField("step of its checkpoint", default=0)
    # Above this overlap two boxes of a label count as one: contract/suppression.py.
    nms_iou = models.FloatField("overlap of boxes that count as one", default=DEFAULT_IOU)
    latency_ms = models.FloatField(null=True)
    ap50 = models.FloatField(null=True)
    ap50_low = models.FloatField(null=True)
    ap50_high = models.FloatField(null=True)
    ap = models.FloatField(null=True)
    compared_on = models.CharField("split it was measured on", max_length=10, blank=True)
    frames = models.PositiveIntegerField("frames it was measured on", default=0)
    # Box by box, beside float32's.
    objects_of_float32 = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    near = models.PositiveIntegerField(default=0)
    extra = models.PositiveIntegerField(default=0)
    less_accurate = models.BooleanField(default=False)

    class Meta:
        ordering = ["job", "id"]
        constraints = [models.UniqueConstraint(fields=["job", "variant"], name="one_file_per_variant")]

    def __str__(self) -> str:
        return f"{self.variant} of {self.job}"

    @property
    def is_default(self) -> bool:
        """Whether it is what one gets who names no variant."""
        return self.job.default_file_id == self.pk

    @property
    def is_tflite(self) -> bool:
        """Whether every program of ours that runs a `.tflite` file can run it as it is."""
        return self.variant not in model_variants.DEVICE_FILES

    @property
    def nms_percent(self) -> int:
        return round(100 * self.nms_iou)

    @property
    def moved(self) -> int:
        """How many of float32's boxes are found, and not quite where float32 has them."""
        return self.near - self.same

    @property
    def lost(self) -> int:
        """How many of float32's boxes are not found."""
        return self.objects_of_float32 - self.near
