from django.urls import path

from atlas.guidance import views

app_name = "guidance"
urlpatterns = [
    path("view_thresholds/", views.view_thresholds, name="view_thresholds"),
    path("set_thresholds/", views.set_thresholds, name="set_thresholds"),
]
