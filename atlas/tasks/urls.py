from django.urls import path

from atlas.tasks import views

app_name = "tasks"
urlpatterns = [
    path("alert/<uuid:pk>/acknowledge_alert/", views.acknowledge_alert, name="acknowledge_alert"),
    path("alert/<uuid:pk>/record_call/", views.record_call, name="record_call"),
    path("overnight/<uuid:pk>/accept_overnight/", views.accept_overnight, name="accept_overnight"),
    path("clock/<uuid:pk>/give_missed_reason/", views.give_missed_reason, name="give_missed_reason"),
    path("task/<uuid:pk>/complete_task/", views.complete_task, name="complete_task"),
]
