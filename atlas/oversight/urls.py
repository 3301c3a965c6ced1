from django.urls import path

from atlas.oversight import data_quality, equality, handover, leave, rota, sharing_register, tray, views

app_name = "oversight"
urlpatterns = [
    path("timeliness/", views.view_timeliness, name="view_timeliness"),
    path("timeliness/corrections/<slug:group>/", views.view_corrections, name="view_corrections"),
    path("timeliness/<slug:count>/<slug:group>/", views.view_list_behind, name="view_list_behind"),
    path("view_equality/", equality.view_equality, name="view_equality"),
    path("view_sharing_register/", sharing_register.view_sharing_register, name="view_sharing_register"),
    path("view_data_quality/", data_quality.view_data_quality, name="view_data_quality"),
    path("interviewers/", views.view_interviewers, name="view_interviewers"),
    path("handover/<uuid:pk>/", handover.view_handover, name="view_handover"),
    path("child/<uuid:pk>/reassign_work/<uuid:holder>/", handover.reassign_work, name="reassign_work"),
    path("handover/<uuid:pk>/record_leave/", leave.record_leave, name="record_leave"),
    path("leave/<uuid:pk>/end_leave/", leave.end_leave, name="end_leave"),
    path("view_rota/", rota.view_rota, name="view_rota"),
    path("team/<uuid:pk>/put_on_shift/", rota.put_on_shift, name="put_on_shift"),
    path("shift/<uuid:pk>/swap_shift/", rota.swap_shift, name="swap_shift"),
    path("shift/<uuid:pk>/take_off_shift/", rota.take_off_shift, name="take_off_shift"),
    path("view_tray/", tray.view_tray, name="view_tray"),
    path("handover/<uuid:pk>/record_skill/", tray.record_skill, name="record_skill"),
    path("agency/<uuid:pk>/name_contact_point/", tray.name_contact_point, name="name_contact_point"),
    path("team_work/", views.view_team_work, name="view_team_work"),
]
