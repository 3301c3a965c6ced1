"""`manage service read-only --because REASON --as USERNAME`, `read-only --end`, `status`, `enter-looks FOLDER`: for whoever is on call."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from atlas.agencies.models import Post
from atlas.gate.act import Invalid, Refused
from atlas.gate.aside import ENTERED, Altered, kept_aside
from atlas.gate.readonly import BECAUSE, ask_now
from atlas.running import queries
from atlas.running.commands import begin_read_only, end_read_only, enter_looks
from atlas.running.looks import files


class Command(BaseCommand):
    help = "read-only: let nobody change a record, or (--end) let them again. status: how Atlas stands. enter-looks: enter looks that were kept aside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["read-only", "status", "enter-looks"])
        parser.add_argument("folder", nargs="?", type=Path, help="enter-looks: where they lie (ATLAS_LOOKS_FOLDER if not given)")
        parser.add_argument("--because", choices=list(BECAUSE))
        parser.add_argument("--end", action="store_true")
        parser.add_argument("--as", dest="username", help="whoever does this: a user name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the verbs; say in a sentence what stands in the way."""
        try:
            getattr(self, f"_{options['verb'].replace('-', '_')}")(options)
        except (Invalid, Altered) as problem:
            raise CommandError(str(problem)) from problem
        except Refused as problem:
            raise CommandError(f"{options['username']} may not do this.") from problem

    def _read_only(self, options: dict[str, Any]) -> None:
        at, by = timezone.now(), _post(options["username"])
        if options["end"]:
            end_read_only(by=by, at=at)
            self.stdout.write("Records are changed again. Every page says so within a few seconds.")
            return
        if not options["because"]:
            raise CommandError(f"Say why: --because {' | '.join(BECAUSE)}.")
        begin_read_only(because=options["because"], by=by, at=at)
        self.stdout.write(
            "Nobody changes a record now; looks are written down as ever. Tick, the workers and deliveries go on: stop them by themselves."
        )

    def _status(self, options: dict[str, Any]) -> None:
        stands = ask_now()
        self.stdout.write(stands.words() if stands else "Records are changed and shown.")
        for one in queries.beatings():
            said = "late" if one.is_late else "never" if one.beat_at is None else "works"
            self.stdout.write(f"{one.expected.words}: {said}")
        for text in queries.troubles():
            self.stdout.write(text)

    def _enter_looks(self, options: dict[str, Any]) -> None:
        folder, by = options["folder"] or Path(settings.ATLAS_LOOKS_FOLDER), _post(options["username"])
        paths = kept_aside(folder)
        self.stdout.write(f"{files(paths)} acts and looks in {len(paths)} files, as they were written.")
        for path in paths:
            done = enter_looks(path=path, by=by, at=timezone.now())
            path.rename(path.with_suffix(ENTERED))
            self.stdout.write(f"{path.name}: {done.rows} entered.")
        for path in [*folder.glob("session-*.seen"), *folder.glob("session-*.ended")]:
            path.unlink()


def _post(username: str | None) -> Post:
    post = Post.objects.filter(user__username=username).select_related("user", "team__agency").first() if username else None
    if post is None:
        raise CommandError("Say who does this: --as USERNAME, of an administrator, a manager or a head of service.")
    return post
