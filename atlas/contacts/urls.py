from django.urls import path

from atlas.contacts.views import door, raising, record

app_name = "contacts"
urlpatterns = [
    path("raise_contact/", raising.raise_contact, name="raise_contact"),
    path("view_my_contacts/", raising.view_my_contacts, name="view_my_contacts"),
    path("view_asks/", raising.view_asks, name="view_asks"),
    path("ask/<uuid:pk>/answer_ask/", raising.answer_ask, name="answer_ask"),
    path("view_contacts/", door.view_contacts, name="view_contacts"),
    path("view_consistency/", door.view_consistency, name="view_consistency"),
    path("contact/<uuid:pk>/view_contact/", door.view_contact, name="view_contact"),
    path("contact/<uuid:pk>/rate_contact/", door.rate_contact, name="rate_contact"),
    path("contact/<uuid:pk>/match_contact/", door.match_contact, name="match_contact"),
    path("contact/<uuid:pk>/register_from_contact/", door.register_from_contact, name="register_from_contact"),
    path("contact/<uuid:pk>/set_aside_contact/", door.set_aside_contact, name="set_aside_contact"),
    path("contact/<uuid:pk>/decide_contact/", door.decide_contact, name="decide_contact"),
    path("contact/<uuid:pk>/ask_agency/", door.ask_agency, name="ask_agency"),
    path("contact/<uuid:pk>/answer_referrer/", door.answer_referrer, name="answer_referrer"),
    path("decision/<uuid:pk>/give_second_view/", door.give_second_view, name="give_second_view"),
    path("child/<uuid:pk>/view_screening/", record.view_screening, name="view_screening"),
    path("child/<uuid:pk>/start_assessment/", record.start_assessment, name="start_assessment"),
    path("assessment/<uuid:pk>/view_assessment/", record.view_assessment, name="view_assessment"),
    path("assessment/<uuid:pk>/record_child_seen/", record.record_child_seen, name="record_child_seen"),
    path("assessment/<uuid:pk>/review_assessment/", record.review_assessment, name="review_assessment"),
    path("assessment/<uuid:pk>/extend_assessment/", record.extend_assessment, name="extend_assessment"),
    path("assessment/<uuid:pk>/authorise_assessment/", record.authorise_assessment, name="authorise_assessment"),
]
