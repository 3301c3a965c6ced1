from django.urls import path

from atlas.retention import runs_views, views

app_name = "retention"
urlpatterns = [
    path("view_retention/", views.view_retention, name="view_retention"),
    path("<uuid:pk>/set_retention_class/", views.set_retention_class, name="set_retention_class"),
    path("child/<uuid:pk>/view_child_retention/", views.view_child_retention, name="view_child_retention"),
    path("child/<uuid:pk>/record_retention_date/", views.record_retention_date, name="record_retention_date"),
    path("child/<uuid:pk>/hold_child/", views.hold_child, name="hold_child"),
    path("view_holds/", views.view_holds, name="view_holds"),
    path("place_hold/", views.place_hold, name="place_hold"),
    path("hold/<uuid:pk>/review_hold/", views.review_hold, name="review_hold"),
    path("hold/<uuid:pk>/lift_hold/", views.lift_hold, name="lift_hold"),
    path("view_retention_runs/", runs_views.view_retention_runs, name="view_retention_runs"),
    path("select_due/", runs_views.select_due, name="select_due"),
    path("run/<uuid:pk>/view_retention_run/", runs_views.view_retention_run, name="view_retention_run"),
    path("run/<uuid:pk>/set_run_aside/", runs_views.set_run_aside, name="set_run_aside"),
    path("record/<uuid:pk>/restore_record/", runs_views.restore_record, name="restore_record"),
]
