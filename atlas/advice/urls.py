from django.urls import path

from atlas.advice import views

app_name = "advice"
urlpatterns = [
    path("view_referrals/", views.view_referrals, name="view_referrals"),
    path("child/<uuid:pk>/view_advice/", views.view_advice, name="view_advice"),
    path("child/<uuid:pk>/refer_to_team/", views.refer_to_team, name="refer_to_team"),
    path("child/<uuid:pk>/record_advice/", views.record_advice, name="record_advice"),
    path("referral/<uuid:pk>/view_referral/", views.view_referral, name="view_referral"),
    path("referral/<uuid:pk>/accept_referral/", views.accept_referral, name="accept_referral"),
    path("referral/<uuid:pk>/send_back_referral/", views.send_back_referral, name="send_back_referral"),
    path("referral/<uuid:pk>/give_advice/", views.give_advice, name="give_advice"),
    path("referral/<uuid:pk>/decide_on_advice/", views.decide_on_advice, name="decide_on_advice"),
]
