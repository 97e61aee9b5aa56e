"""The certificates by which a server is known: the same check for X and for links."""

from __future__ import annotations

import ssl
from pathlib import Path

from bot.domain.errors import SettingsMissing


def trusting(bundle: Path) -> ssl.SSLContext:
    """Give what checks certificate and host name against a PEM file, or a folder of them; TLS 1.2 or newer (X API notes,
    section 8). Raises SettingsMissing if there are none that can be read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if bundle.is_dir():
            context.load_verify_locations(capath=str(bundle))
        else:
            context.load_verify_locations(cafile=str(bundle))
    except (OSError, ssl.SSLError) as error:
        raise SettingsMissing(
            f"BOT_CA_BUNDLE: {bundle} holds no certificates that can be read; give a PEM file"
        ) from error
    return context
