"""Pictures by Pillow, films by MediaInfo; what a file is says its content (`docs/decisions/0018`)."""

from bot.adapters.media.folder import MediaFolder

__all__ = ["MediaFolder"]
