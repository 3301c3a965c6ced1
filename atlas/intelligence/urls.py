from django.urls import path

from atlas.intelligence import views

app_name = "intelligence"
urlpatterns = [path("child/<uuid:pk>/view_intelligence/", views.view_intelligence, name="view_intelligence")]
