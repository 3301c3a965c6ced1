from django.urls import path

from atlas.connections import views

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
]
