from django.urls import path

from atlas.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.view_my_work, name="view_my_work"),
    path("child/<uuid:pk>/", views.view_child, name="view_child"),
    path("find_child/", views.find_child, name="find_child"),
]
