from django.urls import path

from atlas.agencies import views

app_name = "agencies"
urlpatterns = [
    path("choose_post/", views.choose_post, name="choose_post"),
    path("choose_purpose/", views.choose_purpose, name="choose_purpose"),
]
