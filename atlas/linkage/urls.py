from django.urls import path

from atlas.linkage import views

app_name = "linkage"
urlpatterns = [
    path("view_pairs/", views.view_pairs, name="view_pairs"),
    path("pair/<uuid:pk>/view_pair/", views.view_pair, name="view_pair"),
    path("pair/<uuid:pk>/decide_pair/", views.decide_pair, name="decide_pair"),
    path("pair/<uuid:pk>/record_joined/", views.record_joined, name="record_joined"),
    path("pair/<uuid:pk>/take_back_pair/", views.take_back_pair, name="take_back_pair"),
]
