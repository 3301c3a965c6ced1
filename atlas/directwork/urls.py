from django.urls import path

from atlas.directwork import views

app_name = "directwork"
urlpatterns = [
    *(
        path(f"child/<uuid:pk>/{view.__name__}/", view, name=view.__name__)
        for view in (views.view_direct_work, views.start_programme, views.view_you_said)
    ),
    *(
        path(f"<uuid:pk>/{view.__name__}/", view, name=view.__name__)
        for view in (views.read_programme, views.record_session, views.end_programme)
    ),
]
