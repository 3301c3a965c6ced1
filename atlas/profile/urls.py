from django.urls import path

from atlas.profile import views

app_name = "profile"
urlpatterns = [
    path("view_profiles/", views.view_profiles, name="view_profiles"),
    path("run_profile/", views.run_profile, name="run_profile"),
    path("<uuid:pk>/view_profile/", views.view_profile, name="view_profile"),
    path("<uuid:pk>/view_profile_rows/<slug:rows>/", views.view_profile_rows, name="view_profile_rows"),
    path("<uuid:pk>/download_profile/<slug:form>/", views.download_profile, name="download_profile"),
    path("finding/<uuid:pk>/decide_finding/", views.decide_finding, name="decide_finding"),
    path("view_impact_assessments/", views.view_impact_assessments, name="view_impact_assessments"),
    path("record_impact_assessment/<slug:about>/<slug:paper>/", views.record_impact_assessment, name="record_impact_assessment"),
]
