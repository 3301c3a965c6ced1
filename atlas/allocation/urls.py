from django.urls import path

from atlas.allocation import views

app_name = "allocation"
urlpatterns = [
    path("unallocated/", views.view_unallocated, name="view_unallocated"),
    path("child/<uuid:pk>/cover_child/", views.cover_child, name="cover_child"),
]
