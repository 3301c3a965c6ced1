"""Two sets of paths: the administrator's pages, and what stands beside the sign-in package's own under accounts/."""

from django.urls import path

from atlas.accounts import council
from atlas.accounts.views import administration, entry

app_name = "accounts"
urlpatterns = [
    path("accounts/enrol/", entry.enrol, name="enrol"),
    path("accounts/enrol/<str:code>/", entry.enrol_link, name="enrol_link"),
    path("accounts/choose_factor/", entry.choose_factor, name="choose_factor"),
    path("accounts/stay/", entry.stay, name="stay"),
    path("accounts/council/login/", council.council_login, name="council_login"),
    path("administration/accounts/", administration.view_accounts, name="view_accounts"),
    path("administration/accounts/<uuid:pk>/", administration.view_account, name="view_account"),
    path("administration/open_account/", administration.open_account, name="open_account"),
    path("administration/accounts/<uuid:pk>/give_enrolment/", administration.give_enrolment, name="give_enrolment"),
    path("administration/accounts/<uuid:pk>/suspend_account/", administration.suspend_account, name="suspend_account"),
    path("administration/accounts/<uuid:pk>/close_account/", administration.close_account, name="close_account"),
    path("administration/accounts/<uuid:pk>/reset_second_factor/", administration.reset_second_factor, name="reset_second_factor"),
    path("administration/accounts/<uuid:pk>/set_council_subject/", administration.set_council_subject, name="set_council_subject"),
    path("administration/accounts/<uuid:pk>/give_post/", administration.give_post, name="give_post"),
    path("administration/posts/<uuid:pk>/extend_post/", administration.extend_post, name="extend_post"),
    path("administration/posts/<uuid:pk>/change_line/", administration.change_line, name="change_line"),
    path("administration/posts/<uuid:pk>/end_post/", administration.end_post, name="end_post"),
    path("administration/posts/<uuid:pk>/change_clearance/", administration.change_clearance, name="change_clearance"),
]
