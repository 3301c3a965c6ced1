from django.urls import path

from atlas.audit import views

app_name = "audit"
urlpatterns = [path("child/<uuid:pk>/view_looks/", views.view_looks, name="view_looks")]
