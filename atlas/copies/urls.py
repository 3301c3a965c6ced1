from django.urls import path

from atlas.copies import views

app_name = "copies"
urlpatterns = [
    path("view_copies/", views.view_copies, name="view_copies"),
    path("set_copy_channel/", views.set_copy_channel, name="set_copy_channel"),
    path("<uuid:pk>/view_copy/", views.view_copy, name="view_copy"),
    path("<uuid:pk>/print_copy/", views.print_copy, name="print_copy"),
    path("<uuid:pk>/record_receipt/", views.record_receipt, name="record_receipt"),
    path("<uuid:pk>/send_copy_again/", views.send_copy_again, name="send_copy_again"),
]
