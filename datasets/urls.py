from django.urls import path

from datasets.pages import datasets

urlpatterns = [
    path("datasets/", datasets.dataset_list, name="datasets"),
    path("datasets/table/", datasets.dataset_table, name="dataset-table"),
    path("datasets/import/", datasets.import_dialog, name="dataset-import"),
    path("datasets/delete/", datasets.delete_dialog, name="dataset-delete"),
    path("datasets/<uuid:dataset_id>/", datasets.dataset_page, name="dataset"),
    path("datasets/<uuid:dataset_id>/download/", datasets.dataset_download, name="dataset-download"),
    path("datasets/<uuid:dataset_id>/inspection/", datasets.dataset_inspection, name="dataset-inspection"),
    path(
        "datasets/<uuid:dataset_id>/near-duplicates/", datasets.dataset_near_duplicates, name="dataset-near-duplicates"
    ),
    path("datasets/<uuid:dataset_id>/frames/<int:frame_id>.jpg", datasets.dataset_frame, name="dataset-frame"),
    path("datasets/<uuid:dataset_id>/frames/<int:frame_id>/", datasets.frame_dialog, name="dataset-frame-dialog"),
]
