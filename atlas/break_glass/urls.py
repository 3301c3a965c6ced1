from django.urls import path

from atlas.break_glass import views

app_name = "break_glass"
urlpatterns = [
    path("break_glass/<str:reference>/", views.break_glass, name="break_glass"),
    path("child/<uuid:pk>/view_core_record/", views.view_core_record, name="view_core_record"),
    path("view_break_glasses/", views.view_break_glasses, name="view_break_glasses"),
    path("view_break_glasses/<uuid:reviewed>/review_break_glass/", views.review_break_glass, name="review_break_glass"),
]
