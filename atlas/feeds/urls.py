from django.urls import path

from atlas.feeds import views

app_name = "feeds"
urlpatterns = [
    path("", views.view_feeds, name="view_feeds"),
    path("receive_delivery/", views.receive_delivery, name="receive_delivery"),
    path("master/<str:kind>/set_master/", views.set_master, name="set_master"),
    path("<uuid:delivery>/", views.view_delivery, name="view_delivery"),
    path("<uuid:delivery>/commit_delivery/", views.commit_delivery, name="commit_delivery"),
    path("<uuid:delivery>/undo_delivery/", views.undo_delivery, name="undo_delivery"),
    path("code/<uuid:mapping>/map_code/", views.map_code, name="map_code"),
    path("row/<uuid:row>/decide_match/", views.decide_match, name="decide_match"),
]
