"""The paths of people without an account. The token stands in two of them, for one redirect."""

from django.urls import path

from atlas.sharing import carer_pages, guest_pages, mine_pages

urlpatterns = [
    path("", guest_pages.open_guest, name="open_guest"),
    path("code/", guest_pages.prove_guest, name="prove_guest"),
    path("answer/", guest_pages.answer_guest, name="answer_guest"),
    path("carer/", carer_pages.carer_page, name="carer_page"),
    path("mine/", mine_pages.open_child_page, name="open_child_page"),
    path("mine/code/", mine_pages.prove_child_page, name="prove_child_page"),
    path("mine/page/", mine_pages.child_page, name="child_page"),
    path("mine/page/say/", mine_pages.say_as_child, name="say_as_child"),
    path("mine/exit/", mine_pages.exit_child_page, name="exit_child_page"),
    path("mine/close/", mine_pages.close_child_page, name="close_child_page"),
    path("mine/link/<str:token>/", mine_pages.child_link, name="child_link"),
    path("receipt/", guest_pages.guest_receipt, name="guest_receipt"),
    path("link/<str:token>/", guest_pages.guest_link, name="guest_link"),
]
