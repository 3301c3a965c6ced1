from django.urls import path

from atlas.transfers import views

app_name = "transfers"
urlpatterns = [
    path("", views.view_transfers, name="view_transfers"),
    path("child/<uuid:pk>/start_transfer/", views.start_transfer, name="start_transfer"),
    path("child/<uuid:pk>/send_transfer/", views.send_transfer, name="send_transfer"),
    path("<uuid:pk>/", views.view_transfer, name="view_transfer"),
    *(
        path(f"<uuid:pk>/{view.__name__}/", view, name=view.__name__)
        for view in (views.answer_transfer, views.withdraw_transfer, views.take_transfer_reply)
    ),
]
