from django.urls import path

from datasets.pages import datasets, editing, fix_labels, label_exports, produce

urlpatterns = [
    path("datasets/", datasets.dataset_list, name="datasets"),
    path("datasets/table/", datasets.dataset_table, name="dataset-table"),
    path("datasets/import/", datasets.import_dialog, name="dataset-import"),
    path("datasets/sample/", datasets.add_sample, name="dataset-sample"),
    path("datasets/produce/", produce.produce_dialog, name="dataset-produce"),
    path("datasets/produce/report/", produce.produce_report, name="dataset-produce-report"),
    path("datasets/delete/", datasets.delete_dialog, name="dataset-delete"),
    path("videos/export/", label_exports.export_labels, name="video-export"),
    path("datasets/<uuid:dataset_id>/", datasets.dataset_page, name="dataset"),
    path("datasets/<uuid:dataset_id>/fix-labels/", fix_labels.fix_labels, name="dataset-fix-labels"),
    path("datasets/<uuid:dataset_id>/producing/", produce.produce_progress, name="dataset-produce-progress"),
    path("datasets/<uuid:dataset_id>/rename/", editing.rename_dialog, name="dataset-rename"),
    path("datasets/<uuid:dataset_id>/label/", editing.label_dialog, name="dataset-label"),
    path("datasets/<uuid:dataset_id>/edits/save/", editing.save_dialog, name="dataset-edits-save"),
    path("datasets/<uuid:dataset_id>/edits/discard/", editing.discard_edits, name="dataset-edits-discard"),
    path("datasets/<uuid:dataset_id>/frames/<int:frame_id>/place/", editing.place_frame, name="dataset-frame-place"),
    path("datasets/<uuid:dataset_id>/download/", datasets.dataset_download, name="dataset-download"),
    path("datasets/<uuid:dataset_id>/inspection/", datasets.dataset_inspection, name="dataset-inspection"),
    path(
        "datasets/<uuid:dataset_id>/near-duplicates/", datasets.dataset_near_duplicates, name="dataset-near-duplicates"
    ),
    path("datasets/<uuid:dataset_id>/frames/<int:frame_id>.jpg", datasets.dataset_frame, name="dataset-frame"),
    path("datasets/<uuid:dataset_id>/frames/<int:frame_id>/", datasets.frame_dialog, name="dataset-frame-dialog"),
]
