from django.urls import path

from atlas.desk import guarding, night, proposals, views

app_name = "desk"
urlpatterns = [
    path("", views.view_my_work, name="view_my_work"),
    path("child/<uuid:pk>/", views.view_child, name="view_child"),
    path("child/<uuid:pk>/declare_connection/", views.declare_connection, name="declare_connection"),
    path("child/<uuid:pk>/<uuid:record>/report_wrong_fact/", views.report_wrong_fact, name="report_wrong_fact"),
    path("child/<uuid:pk>/view_guard/", guarding.view_guard, name="view_guard"),
    path("child/<uuid:pk>/restrict_child/", guarding.restrict_child, name="restrict_child"),
    path("child/<uuid:pk>/hide_child/", guarding.hide_child, name="hide_child"),
    path("child/<uuid:pk>/name_holder/", guarding.name_holder, name="name_holder"),
    path("named_holder/<uuid:pk>/remove_holder/", guarding.remove_holder, name="remove_holder"),
    path("restriction/<uuid:pk>/lift_restriction/", guarding.lift_restriction, name="lift_restriction"),
    path("proposals/view_proposals/", proposals.view_proposals, name="view_proposals"),
    path("proposals/<uuid:pk>/view_proposal/", proposals.view_proposal, name="view_proposal"),
    path("proposals/<uuid:pk>/approve_proposal/", proposals.approve_proposal, name="approve_proposal"),
    path("proposals/<uuid:pk>/decline_proposal/", proposals.decline_proposal, name="decline_proposal"),
    path("proposals/<uuid:pk>/withdraw_proposal/", proposals.withdraw_proposal, name="withdraw_proposal"),
    path("view_night/", night.view_night, name="view_night"),
    path("view_morning/", night.view_morning, name="view_morning"),
    path("find_child/", views.find_child, name="find_child"),
    path("view_front_door_questions/", views.view_front_door_questions, name="view_front_door_questions"),
    path(
        "view_front_door_questions/<uuid:pk>/answer_front_door_question/",
        views.answer_front_door_question,
        name="answer_front_door_question",
    ),
]
