from django.urls import path

from atlas.missing.views import after, again, differences, episode, interview, mentions, now, placed_in, responsible, together, trigger

app_name = "missing"
urlpatterns = [
    path("", episode.view_missing_now, name="view_missing_now"),
    path("report_missing/<uuid:pk>/", together.report_missing, name="report_missing"),
    path("child/<uuid:pk>/set_exploitation_marker/", episode.set_exploitation_marker, name="set_exploitation_marker"),
    path("child/<uuid:pk>/end_exploitation_marker/", episode.end_exploitation_marker, name="end_exploitation_marker"),
    *(
        path(f"child/<uuid:pk>/{view.__name__}/", view, name=view.__name__)
        for view in (trigger.view_trigger_plan, trigger.write_trigger_plan)
    ),
    *(
        path(f"trigger_plan/<uuid:pk>/{view.__name__}/", view, name=view.__name__)
        for view in (trigger.print_trigger_plan, trigger.confirm_trigger_plan, trigger.add_trigger_action, trigger.withdraw_trigger_action)
    ),
    path("together/<uuid:pk>/split_missing_together/", together.split_missing_together, name="split_missing_together"),
    path("photograph/<uuid:pk>/", episode.view_photograph, name="view_photograph"),
    path("episode/<uuid:pk>/", episode.view_episode, name="view_episode"),
    *(
        path(f"episode/<uuid:pk>/{view.__name__}/", view, name=view.__name__)
        for view in (
            episode.record_contact_or_sighting, episode.record_police_status, episode.record_council_status, episode.record_police_grade,
            episode.record_police_reference, episode.record_found, together.record_return, episode.correct_return, episode.withdraw_episode,
            episode.add_photograph, together.record_missing_together,
        )
    ),
    path("episode/<uuid:pk>/take_step/<slug:step>/", now.take_step, name="take_step"),
    path("episode/<uuid:pk>/record_told/<slug:who>/", now.record_told, name="record_told"),
    path("episode/<uuid:pk>/do_not_tell_parent/", now.do_not_tell_parent, name="do_not_tell_parent"),
    path("not_told_yet/<uuid:pk>/let_parent_be_told/", now.let_parent_be_told, name="let_parent_be_told"),
    path("episode/<uuid:pk>/record_prevention_interview/", after.record_prevention_interview, name="record_prevention_interview"),
    path("repeat/<uuid:pk>/decide_repeat/", after.decide_repeat, name="decide_repeat"),
    path("view_mentioned_places/", mentions.view_mentioned_places, name="view_mentioned_places"),
    path("mention/<uuid:pk>/settle_mention/", mentions.settle_mention, name="settle_mention"),
    path("mention/<uuid:pk>/settle_mentions/", mentions.settle_mentions, name="settle_mentions"),
    path("mention/<uuid:pk>/record_mentioned_place/", mentions.record_mentioned_place, name="record_mentioned_place"),
    path("view_quality_checks/", after.view_quality_checks, name="view_quality_checks"),
    path("quality_check/<uuid:pk>/check_quality/", after.check_quality, name="check_quality"),
    path("view_second_readings/", again.view_second_readings, name="view_second_readings"),
    path("interview/<uuid:pk>/read_again/", again.read_again, name="read_again"),
    path("second_reading/<uuid:pk>/view_second_reading/", again.view_second_reading, name="view_second_reading"),
    path("episode/<uuid:pk>/correct_report/", differences.correct_report, name="correct_report"),
    path("interview/<uuid:pk>/ask_responsible/", responsible.ask_responsible, name="ask_responsible"),
    path("interview/<uuid:pk>/take_reply/", responsible.take_reply, name="take_reply"),
    path("placed_in/", placed_in.view_placed_in, name="view_placed_in"),
    path("placed_in/register_placed_in/", placed_in.register_placed_in, name="register_placed_in"),
    path("placed_in/<uuid:pk>/end_placed_in/", placed_in.end_placed_in, name="end_placed_in"),
    path("differences/", differences.view_differences, name="view_differences"),
    path("difference/<uuid:pk>/answer_difference/", differences.answer_difference, name="answer_difference"),
    path("interview/<uuid:pk>/", interview.view_interview, name="view_interview"),
    *(
        path(f"interview/<uuid:pk>/{view.__name__}/", view, name=view.__name__)
        for view in (
            interview.allocate_interview, interview.offer_interview, interview.book_interview, interview.record_not_met,
            interview.record_not_reached, interview.decide_not_offered, interview.close_interview, interview.share_interview,
            interview.record_interview, interview.save_interview_draft,
        )
    ),
]  # fmt: skip
