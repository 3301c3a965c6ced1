from django.urls import path

from atlas.clocks import views

app_name = "clocks"
urlpatterns = [
    path("time_limits/", views.view_time_limits, name="view_time_limits"),
    path("set_local_limit/<slug:limit>/", views.set_local_limit, name="set_local_limit"),
    path("change_bank_holiday/", views.change_bank_holiday, name="change_bank_holiday"),
]
