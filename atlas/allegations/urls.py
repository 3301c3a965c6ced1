from django.urls import path

from atlas.allegations import views

app_name = "allegations"
urlpatterns = [
    path("child/<uuid:pk>/record_allegation/", views.record_allegation, name="record_allegation"),
    path("view_allegations/", views.view_allegations, name="view_allegations"),
    path("view_allegation/<uuid:allegation>/", views.view_allegation, name="view_allegation"),
    *(
        path(f"view_allegation/<uuid:allegation>/{view.__name__}/", view, name=view.__name__)
        for view in (views.receive_allegation, views.decide_allegation, views.close_allegation)
    ),
]
