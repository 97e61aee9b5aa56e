"""The timeline as readers would see it."""

from __future__ import annotations

import html
import re

from bot.sandbox.accounts import SandboxAccount
from bot.sandbox.posts import Posts, SandboxPost
from bot.sandbox.shapes import instant

_STYLE = """
:root{color-scheme:light dark;--line:#cfd9de;--soft:#536471;--link:#0b66c3}
@media (prefers-color-scheme:dark){:root{--line:#2f3336;--soft:#8b98a5;--link:#6cb8ff}}
body{font:16px/1.45 system-ui,sans-serif;max-width:38rem;margin:0 auto;padding:1rem}
h1{font-size:1.2rem}article{border:1px solid var(--line);border-radius:12px;padding:.8rem 1rem;margin:.8rem 0}
article article{margin-left:1rem;border-left-width:3px}p{white-space:pre-wrap;margin:.3rem 0;overflow-wrap:anywhere}
header{color:var(--soft)}header b{color:CanvasText}a{color:var(--link)}
"""


def render(posts: Posts, accounts: list[SandboxAccount]) -> str:
    """Make the page: threads stand under the post they reply to."""
    alive = [post for post in posts.posts.values() if post.deleted_at is None and post.replaced_at is None]
    alive.sort(key=lambda post: int(post.id))
    ids = {version: post.id for post in alive for version in post.versions}
    children: dict[str | None, list[SandboxPost]] = {}
    for post in alive:
        children.setdefault(ids.get(post.parent or ""), []).append(post)
    names = {account.user_id: account for account in accounts}
    roots = reversed(children.get(None, []))
    body = "".join(_article(post, children, names) for post in roots) or "<p>Nothing was posted yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox timeline</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>Sandbox: what readers would see</h1>{body}</main></body></html>"
    )


def _article(
    post: SandboxPost, children: dict[str | None, list[SandboxPost]], names: dict[str, SandboxAccount]
) -> str:
    account = names[post.user_id]
    below = "".join(_article(child, children, names) for child in children.get(post.id, []))
    who = f"<b>{html.escape(account.name)}</b> @{html.escape(account.handle)}"
    when = f'<time datetime="{instant(post.at)}">{instant(post.at)[:16].replace("T", " ")} UTC</time>'
    return (
        f"<article><header>{who} · {when}</header><p>{_linked(post.text)}</p>{_beside(post)}{below}</article>"
    )


def _beside(post: SandboxPost) -> str:
    """What readers see under the text: a poll's options, the quoted post, and the marks."""
    lines = [f"◯ {option}" for option in post.extras.get("poll", {}).get("options", [])]
    if post.quote:
        lines.append(f"quotes {post.quote}")
    if "reply_settings" in post.extras:
        lines.append(f"who can reply: {post.extras['reply_settings']}")
    marks = {"made_with_ai": "made with AI", "paid_partnership": "paid partnership"}
    lines += [words for mark, words in marks.items() if post.extras.get(mark)]
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)


def _linked(text: str) -> str:
    safe = html.escape(text)
    safe = re.sub(
        r"https?://[^\s<]+", lambda found: f'<a href="{found[0]}" rel="nofollow">{found[0]}</a>', safe
    )
    return re.sub(r"(?<![\w/&])#(\w+)", r'<a href="#">#\1</a>', safe)
