from django.urls import path

from atlas.sharing import asking, carers, copies_given, export_views, views

app_name = "sharing"
urlpatterns = [
    path("view_exports/", export_views.view_exports, name="view_exports"),
    path("export/<slug:listed>/", export_views.export, name="export"),
    path("export_many/<slug:listed>/", export_views.export_many, name="export_many"),
    path("<uuid:pk>/download_export/", export_views.download_export, name="download_export"),
    path("view_shared/", views.view_shared, name="view_shared"),
    path("child/<uuid:pk>/view_disclosures/", views.view_disclosures, name="view_disclosures"),
    path("child/<uuid:pk>/disclose/", views.disclose, name="disclose"),
    path("child/<uuid:pk>/refuse_to_share/", views.refuse_to_share, name="refuse_to_share"),
    path("child/<uuid:pk>/ask_guest/", asking.ask_guest, name="ask_guest"),
    path("child/<uuid:pk>/give_carer_page/", carers.give_carer_page, name="give_carer_page"),
    path("carer_words/<uuid:pk>/answer_carer/", carers.answer_carer, name="answer_carer"),
    path("child/<uuid:pk>/view_copies_given/", copies_given.view_copies_given, name="view_copies_given"),
    path("copy_given/<uuid:pk>/view_copy_given/", copies_given.view_copy_given, name="view_copy_given"),
    path("copy_given/<uuid:pk>/print_copy_given/", copies_given.print_copy_given, name="print_copy_given"),
    path("copy_given/<uuid:pk>/withdraw_child_page/", copies_given.withdraw_child_page, name="withdraw_child_page"),
    path("copy_given/<uuid:pk>/record_child_words/", copies_given.record_child_words, name="record_child_words"),
    path("child_words/<uuid:pk>/answer_child/", copies_given.answer_child, name="answer_child"),
    path("guest_request/<uuid:pk>/view_guest_request/", asking.view_guest_request, name="view_guest_request"),
    path("guest_request/<uuid:pk>/withdraw_guest_request/", asking.withdraw_guest_request, name="withdraw_guest_request"),
    path("guest_answer/<uuid:pk>/view_guest_file/", asking.view_guest_file, name="view_guest_file"),
    path("<uuid:pk>/view_disclosure/", views.view_disclosure, name="view_disclosure"),
    path("<uuid:pk>/print_disclosure/", views.print_disclosure, name="print_disclosure"),
    path("<uuid:pk>/reshare_disclosure/", views.reshare_disclosure, name="reshare_disclosure"),
    path("<uuid:pk>/withdraw_disclosure/", views.withdraw_disclosure, name="withdraw_disclosure"),
]
