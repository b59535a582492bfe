from django.urls import path

from datasets import views

urlpatterns = [
    path("datasets/", views.dataset_list, name="datasets"),
    path("datasets/table/", views.dataset_table, name="dataset-table"),
    path("datasets/import/", views.import_dialog, name="dataset-import"),
    path("datasets/delete/", views.delete_dialog, name="dataset-delete"),
    path("datasets/<uuid:dataset_id>/", views.dataset_page, name="dataset"),
    path("datasets/<uuid:dataset_id>/download/", views.dataset_download, name="dataset-download"),
    path("datasets/<uuid:dataset_id>/inspection/", views.dataset_inspection, name="dataset-inspection"),
    path("datasets/<uuid:dataset_id>/lookalikes/", views.dataset_lookalikes, name="dataset-lookalikes"),
    path("datasets/<uuid:dataset_id>/frames/<int:frame_id>.jpg", views.dataset_frame, name="dataset-frame"),
    path("datasets/<uuid:dataset_id>/frames/<int:frame_id>/", views.frame_dialog, name="dataset-frame-dialog"),
]
