from django.urls import path

from atlas.plans import views

app_name = "plans"
urlpatterns = [
    path("view_plans/", views.view_plans, name="view_plans"),
    path("child/<uuid:pk>/", views.view_plan, name="view_plan"),
    path("<uuid:pk>/read_safety_plan/", views.read_safety_plan, name="read_safety_plan"),
    path("happened/<uuid:pk>/read_question/", views.read_question, name="read_question"),
    *(
        path(f"child/<uuid:pk>/{view.__name__}/", view, name=view.__name__)
        for view in (views.start_plan, views.decide_no_plan, views.record_event)
    ),
    path("child/<uuid:pk>/answer_pattern/<slug:pattern>/", views.answer_pattern, name="answer_pattern"),
    *(
        path(f"<uuid:pk>/{view.__name__}/", view, name=view.__name__)
        for view in (views.add_line, views.agree_plan, views.confirm_plan, views.close_plan, views.give_child_page)
    ),
    path("<uuid:pk>/record_copy_given/<slug:audience>/", views.record_copy_given, name="record_copy_given"),
    *(
        path(f"line/<uuid:pk>/{view.__name__}/", view, name=view.__name__)
        for view in (views.read_line, views.rewrite_line, views.end_line, views.record_progress, views.check_line, views.break_line)
    ),
]
