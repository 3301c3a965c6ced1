from django.urls import path

from atlas.meetings.views import actions, meeting, people, record, step_down

app_name = "meetings"
urlpatterns = [
    path("view_meetings/", meeting.view_meetings, name="view_meetings"),
    path("<uuid:pk>/view_meeting/", meeting.view_meeting, name="view_meeting"),
    path("<uuid:pk>/print_meeting/", meeting.print_meeting, name="print_meeting"),
    path("item/<uuid:pk>/print_family_record/", meeting.print_family_record, name="print_family_record"),
    path("<uuid:pk>/download_calendar_entry/", meeting.download_calendar_entry, name="download_calendar_entry"),
    path("child/<uuid:pk>/view_child_meetings/", meeting.view_child_meetings, name="view_child_meetings"),
    path("child/<uuid:pk>/call_meeting/", meeting.call_meeting, name="call_meeting"),
    path("child/<uuid:pk>/record_telephone_discussion/", meeting.record_telephone_discussion, name="record_telephone_discussion"),
    path("<uuid:pk>/move_meeting/", meeting.move_meeting, name="move_meeting"),
    path("<uuid:pk>/cancel_meeting/", meeting.cancel_meeting, name="cancel_meeting"),
    path("<uuid:pk>/put_on_agenda/", meeting.put_on_agenda, name="put_on_agenda"),
    path("<uuid:pk>/hold_meeting/", meeting.hold_meeting, name="hold_meeting"),
    path("<uuid:pk>/close_meeting/", record.close_meeting, name="close_meeting"),
    path("<uuid:pk>/invite/", people.invite, name="invite"),
    path("invitation/<uuid:pk>/withdraw_invitation/", people.withdraw_invitation, name="withdraw_invitation"),
    path("invitation/<uuid:pk>/answer_invitation/", people.answer_invitation, name="answer_invitation"),
    path("invitation/<uuid:pk>/record_attendance/", people.record_attendance, name="record_attendance"),
    path("item/<uuid:pk>/contribute/", record.contribute, name="contribute"),
    path("item/<uuid:pk>/compile_briefing/", record.compile_briefing, name="compile_briefing"),
    path("contribution/<uuid:pk>/rewrite_contribution/", record.rewrite_contribution, name="rewrite_contribution"),
    path("item/<uuid:pk>/<slug:point>/record_meeting_decision/", record.record_meeting_decision, name="record_meeting_decision"),
    path("item/<uuid:pk>/agree_action/", actions.agree_action, name="agree_action"),
    path("view_step_downs/", step_down.view_step_downs, name="view_step_downs"),
    path("child/<uuid:pk>/step_down/", step_down.step_down, name="step_down"),
    path("listed/<uuid:child>/take_on_review/", step_down.take_on_review, name="take_on_review"),
    path("view_actions/", actions.view_actions, name="view_actions"),
    path("action/<uuid:pk>/view_action/", actions.view_action, name="view_action"),
    path("action/<uuid:pk>/answer_action/", actions.answer_action, name="answer_action"),
    path("action/<uuid:pk>/end_action/", actions.end_action, name="end_action"),
    path("action/<uuid:pk>/judge_action/", actions.judge_action, name="judge_action"),
]
