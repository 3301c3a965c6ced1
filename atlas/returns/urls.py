from django.urls import path

from atlas.returns import views

app_name = "returns"
urlpatterns = [
    path("view_return_checks/", views.view_return_checks, name="view_return_checks"),
    path("check_return/", views.check_return, name="check_return"),
    path("check/<uuid:pk>/view_return_check/", views.view_return_check, name="view_return_check"),
    path("check/<uuid:pk>/download_return_report/", views.download_return_report, name="download_return_report"),
    path("compare_annex_a/", views.compare_annex_a, name="compare_annex_a"),
    path("download_annex_a_report/", views.download_annex_a_report, name="download_annex_a_report"),
    path("<int:year>/view_missing_table/", views.view_missing_table, name="view_missing_table"),
]
