from django.urls import path

from atlas.audit import views

app_name = "audit"
urlpatterns = [
    path("child/<uuid:pk>/view_looks/", views.view_looks, name="view_looks"),
    path("child/<uuid:pk>/view_releasable_looks/", views.view_releasable_looks, name="view_releasable_looks"),
    path("view_odd_looks/", views.view_odd_looks, name="view_odd_looks"),
    path("<uuid:pk>/close_odd_look/", views.close_odd_look, name="close_odd_look"),
]
