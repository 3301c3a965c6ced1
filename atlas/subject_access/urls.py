from django.urls import path

from atlas.subject_access import item_views, views

app_name = "subject_access"
urlpatterns = [
    path("view_subject_requests/", views.view_subject_requests, name="view_subject_requests"),
    path("child/<uuid:pk>/receive_subject_request/", views.receive_subject_request, name="receive_subject_request"),
    path("request/<uuid:pk>/view_subject_request/", views.view_subject_request, name="view_subject_request"),
    path("request/<uuid:pk>/accept_subject_request/", views.accept_subject_request, name="accept_subject_request"),
    path("request/<uuid:pk>/reopen_subject_request/", views.reopen_subject_request, name="reopen_subject_request"),
    path("request/<uuid:pk>/refuse_subject_request/", views.refuse_subject_request, name="refuse_subject_request"),
    path("request/<uuid:pk>/ask_clarification/", views.ask_clarification, name="ask_clarification"),
    path("clarification/<uuid:pk>/record_clarification/", views.record_clarification, name="record_clarification"),
    path("request/<uuid:pk>/extend_subject_request/", views.extend_subject_request, name="extend_subject_request"),
    path("request/<uuid:pk>/record_handed_over/", views.record_handed_over, name="record_handed_over"),
    path("request/<uuid:pk>/gather_record/", item_views.gather_record, name="gather_record"),
    path("request/<uuid:pk>/view_answer_items/", item_views.view_answer_items, name="view_answer_items"),
    path("request/<uuid:pk>/give_unmarked/", item_views.give_unmarked, name="give_unmarked"),
    path("request/<uuid:pk>/record_opinion/", item_views.record_opinion, name="record_opinion"),
    path("item/<uuid:pk>/weigh_item/", item_views.weigh_item, name="weigh_item"),
    path("request/<uuid:pk>/make_subject_answer/", item_views.make_subject_answer, name="make_subject_answer"),
    path("answer/<uuid:pk>/view_subject_answer/", item_views.view_subject_answer, name="view_subject_answer"),
    path("answer/<uuid:pk>/release_subject_answer/", item_views.release_subject_answer, name="release_subject_answer"),
    path("answer/<uuid:pk>/download_subject_answer/", item_views.download_subject_answer, name="download_subject_answer"),
]
