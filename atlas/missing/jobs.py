"""The daily job: the police's and the council's halves of missing episodes are compared, once a day for each authority, by its feed's own post."""

from datetime import datetime, time

from django.utils import timezone
from procrastinate.contrib.django import app

from atlas.agencies.models import Authority, Post
from atlas.chronology.moments import LONDON
from atlas.feeds.queries import carriers
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.missing.commands.comparison import ask_differences, record_comparison
from atlas.missing.models import Comparison
from atlas.missing.queries.comparison import compared, halves_of, has_news, heard_from, what_differs

FROM = time(7, 0)  # London: before the morning list


@app.periodic(cron="*/15 * * * *")
@app.task(name="missing.compare_halves", queue="bulk")
def compare_halves(timestamp: int) -> None:
    """Compare what has not been compared today, once it is seven o'clock; after an outage, whenever it runs again."""
    at = timezone.now()
    if at.astimezone(LONDON).time() < FROM:
        return
    for feed, authority in carriers(at):
        if not Comparison.objects.filter(authority=authority, day=day_of(at)).exists():
            compare_authority(authority, feed, at)


def compare_authority(authority: Authority, feed: Post, at: datetime) -> Comparison:
    """Compare every episode of late; ask, each in a transaction of its own, what differs; and write down what the day came to."""
    with acting_as(feed, at):
        heard = heard_from(authority, at)
        found = [(halves, what_differs(halves, heard, at)) for halves in halves_of(compared(authority, at))]
    asked = [
        difference
        for halves, differing in found
        if has_news(halves, differing)
        for difference in ask_differences(episode=halves.episode, heard=heard, by=feed, at=at)
    ]
    agreed = sum(not differing for _, differing in found)
    day = day_of(at)
    return record_comparison(authority=authority, day=day, episodes=len(found), agreed=agreed, asked=asked, by=feed, at=at)
