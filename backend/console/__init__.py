"""The pages for staff."""

from backend.console.assets import mount_assets

__all__ = ["mount_assets"]
