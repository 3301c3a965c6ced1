from django.urls import path

from atlas.running import views

app_name = "running"
urlpatterns = [
    path("view_running/", views.view_running, name="view_running"),
    path("shelved/<uuid:pk>/try_job_again/", views.try_job_again, name="try_job_again"),
    path("shelved/<uuid:pk>/give_up_job/", views.give_up_job, name="give_up_job"),
]
