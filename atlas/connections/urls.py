from django.urls import path

from atlas.connections import concern_views, views

app_name = "connections"
urlpatterns = [
    path("<uuid:pk>/view_ties/", views.view_ties, name="view_ties"),
    path("<uuid:pk>/view_blocks/", views.view_blocks, name="view_blocks"),
    path("<uuid:pk>/block_worker/", views.block_worker, name="block_worker"),
    path("<uuid:pk>/lift_block/", views.lift_block, name="lift_block"),
    path("<uuid:pk>/record_tie/", views.record_tie, name="record_tie"),
    path("<uuid:pk>/end_tie/", views.end_tie, name="end_tie"),
    path("view_suggestions/", views.view_suggestions, name="view_suggestions"),
    path("<uuid:pk>/decide_suggestion/", views.decide_suggestion, name="decide_suggestion"),
    path("make_declaration/", views.make_declaration, name="make_declaration"),
    path("view_my_connections/", views.view_my_connections, name="view_my_connections"),
    path("view_people_of_concern/", concern_views.view_people_of_concern, name="view_people_of_concern"),
    path("record_person_of_concern/", concern_views.record_person_of_concern, name="record_person_of_concern"),
    path("person_of_concern/<uuid:pk>/view_person_of_concern/", concern_views.view_person_of_concern, name="view_person_of_concern"),
    path("person_of_concern/<uuid:pk>/renew_person_of_concern/", concern_views.renew_person_of_concern, name="renew_person_of_concern"),
    path("person_of_concern/<uuid:pk>/remove_person_of_concern/", concern_views.remove_person_of_concern, name="remove_person_of_concern"),
    path("record_group/", concern_views.record_group, name="record_group"),
    path("group/<uuid:pk>/view_group/", concern_views.view_group, name="view_group"),
    path("group/<uuid:pk>/renew_group/", concern_views.renew_group, name="renew_group"),
    path("group/<uuid:pk>/remove_group/", concern_views.remove_group, name="remove_group"),
]
