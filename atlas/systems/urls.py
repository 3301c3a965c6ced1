from django.urls import path

from atlas.systems import views

app_name = "systems"
urlpatterns = [
    path("view_systems/", views.view_systems, name="view_systems"),
    path("register_system/", views.register_system, name="register_system"),
    path("<uuid:pk>/end_system/", views.end_system, name="end_system"),
    path("view_system_grants/", views.view_system_grants, name="view_system_grants"),
    path("<uuid:pk>/let_system_act/", views.let_system_act, name="let_system_act"),
    path("grants/<uuid:pk>/end_system_grant/", views.end_system_grant, name="end_system_grant"),
]
