"""Every command, its module and its one line of help: `bot --help` loads no module of them."""

from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo:demo", "See it work: sandbox, queue, preview, publish, log."),
    "init": ("init:init", "Make a project folder: settings, a campaign, a template, the database."),
    "check": ("check:check", "Check records or texts, without a queue."),
    "preview": ("preview:preview", "See exactly what will go out."),
    "queue": ("queue:queue", "Add, import, list, show, edit, approve, reschedule, cancel."),
    "series": ("series:series", "Recurring announcements: list, show, make, stop."),
    "status": ("status:status", "What is next, late, held, in doubt, paused; what is left."),
    "run": ("run:run", "Publish what is due: the worker."),
    "pause": ("pause:pause", "Stop publishing."),
    "resume": ("pause:resume", "Let publishing go on."),
    "log": ("log:log", "What went out; verify the log."),
    "reconcile": ("settle:reconcile", "Look on the timeline for what is in doubt."),
    "settle": ("settle:settle", "Say of something in doubt that it is out, or that it is not."),
    "correct": ("correct:correct", "Edit a post that is out, within the hour (accounts with Premium)."),
    "withdraw": ("withdraw:withdraw", "Delete from the channel what was published."),
    "campaign": ("campaign:campaign", "List and check campaigns; see their next slots and house rules."),
    "template": ("template:template", "Render every template with sample records."),
    "account": ("account:account", "List accounts."),
    "doctor": ("doctor:doctor", "Check settings, rights, clock, disk, database, X; say the remedy."),
    "db": ("db:db", "Make or upgrade the database; check it."),
    "sandbox": ("sandbox:sandbox", "Run the stand-in of X."),
    "completion": ("completion:completion", "Print the completion script of a shell."),
}
