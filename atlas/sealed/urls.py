from django.urls import path

from atlas.sealed import views

app_name = "sealed"
urlpatterns = [
    path("view_sealed_sets/", views.view_sealed_sets, name="view_sealed_sets"),
    path("child/<uuid:pk>/view_custodians/", views.view_custodians, name="view_custodians"),
    path("child/<uuid:pk>/seal_set/<slug:which>/", views.seal_set, name="seal_set"),
    path("child/<uuid:pk>/name_custodian/", views.name_custodian, name="name_custodian"),
    path("child/<uuid:pk>/end_custodian/", views.end_custodian, name="end_custodian"),
    path("<uuid:pk>/open_sealed_set/", views.open_sealed_set, name="open_sealed_set"),
    path("<uuid:pk>/lift_seal/", views.lift_seal, name="lift_seal"),
    path("lift/<uuid:pk>/put_back_set/", views.put_back_set, name="put_back_set"),
    path("<uuid:pk>/view_sealed_set/", views.view_sealed_set, name="view_sealed_set"),
]
