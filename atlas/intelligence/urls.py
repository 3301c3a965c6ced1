from django.urls import path

from atlas.intelligence import views

app_name = "intelligence"
urlpatterns = [
    path("view_intelligence_desk/", views.view_intelligence_desk, name="view_intelligence_desk"),
    path("child/<uuid:pk>/view_intelligence/", views.view_intelligence, name="view_intelligence"),
    path("child/<uuid:pk>/record_intelligence/", views.record_intelligence, name="record_intelligence"),
    path("child/<uuid:pk>/record_old_intelligence/", views.record_old_intelligence, name="record_old_intelligence"),
    path("raw/<uuid:pk>/propose_product/", views.propose_product, name="propose_product"),
    path("product/<uuid:pk>/release_product/", views.release_product, name="release_product"),
    path("product/<uuid:pk>/decline_product/", views.decline_product, name="decline_product"),
    path("product/<uuid:pk>/review_intelligence/", views.review_intelligence, name="review_intelligence"),
    path("product/<uuid:pk>/withdraw_product/", views.withdraw_product, name="withdraw_product"),
]
