"""The paths of people without an account. The token stands in one of them, for one redirect."""

from django.urls import path

from atlas.sharing import carer_pages, guest_pages

urlpatterns = [
    path("", guest_pages.open_guest, name="open_guest"),
    path("code/", guest_pages.prove_guest, name="prove_guest"),
    path("answer/", guest_pages.answer_guest, name="answer_guest"),
    path("carer/", carer_pages.carer_page, name="carer_page"),
    path("receipt/", guest_pages.guest_receipt, name="guest_receipt"),
    path("link/<str:token>/", guest_pages.guest_link, name="guest_link"),
]
