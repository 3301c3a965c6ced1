from django.urls import path

from atlas.allocation import trust, unborn, views

app_name = "allocation"
urlpatterns = [
    path("unallocated/", views.view_unallocated, name="view_unallocated"),
    path("register_unborn/", unborn.register_unborn, name="register_unborn"),
    path("child/<uuid:pk>/record_birth/", unborn.record_birth, name="record_birth"),
    path("child/<uuid:pk>/end_pregnancy/", unborn.end_pregnancy, name="end_pregnancy"),
    path("child/<uuid:pk>/cover_child/", views.cover_child, name="cover_child"),
    path("child/<uuid:pk>/view_promises/", trust.view_promises, name="view_promises"),
    path("child/<uuid:pk>/make_promise/", trust.make_promise, name="make_promise"),
    path("promise/<uuid:pk>/end_promise/", trust.end_promise, name="end_promise"),
    path("child/<uuid:pk>/name_trusted_adult/", trust.name_trusted_adult, name="name_trusted_adult"),
    path("child/<uuid:pk>/record_talk_wish/", trust.record_talk_wish, name="record_talk_wish"),
    path("trusted_adult/<uuid:pk>/end_trusted_adult/", trust.end_trusted_adult, name="end_trusted_adult"),
    path("child/<uuid:pk>/tell_child/", trust.tell_child, name="tell_child"),
]
