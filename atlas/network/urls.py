from django.urls import path

from atlas.network import together_views, views

app_name = "network"
urlpatterns = [
    path("child/<uuid:pk>/view_network/", views.view_network, name="view_network"),
    path("child/<uuid:pk>/view_way/", views.view_way, name="view_way"),
    path("child/<uuid:pk>/record_link/", views.record_link, name="record_link"),
    path("group/<uuid:pk>/view_group_network/", views.view_group_network, name="view_group_network"),
    path("search_together/", together_views.search_together, name="search_together"),
    path("together/<uuid:pk>/answer_together/", together_views.answer_together, name="answer_together"),
    path("link/<uuid:pk>/view_link/", views.view_link, name="view_link"),
    path("link/<uuid:pk>/renew_link/", views.renew_link, name="renew_link"),
    path("link/<uuid:pk>/correct_link/", views.correct_link, name="correct_link"),
    path("link/<uuid:pk>/end_link/", views.end_link, name="end_link"),
]
