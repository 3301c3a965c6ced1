from django.urls import path

from atlas.places import views

app_name = "places"
urlpatterns = [
    path("view_places/", views.view_places, name="view_places"),
    path("record_place/", views.record_place, name="record_place"),
    path("<uuid:pk>/view_place/", views.view_place, name="view_place"),
    path("<uuid:pk>/put_place_on_map/", views.put_place_on_map, name="put_place_on_map"),
    path("<uuid:pk>/renew_place/", views.renew_place, name="renew_place"),
    path("<uuid:pk>/remove_place/", views.remove_place, name="remove_place"),
]
