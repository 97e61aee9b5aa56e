"""The accounts that the sandbox knows, with their keys."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SandboxAccount:
    """An account of the sandbox. The keys say by themselves that they open nothing else."""

    handle: str = "baliprocessrso"
    user_id: str = "1000000000000000001"
    name: str = "Regional Support Office"
    premium: bool = False
    access: str = "self-serve"
    api_key: str = field(default="sandbox-api-key", repr=False)
    api_secret: str = field(default="sandbox-api-secret", repr=False)
    access_token: str = field(default="1000000000000000001-sandbox-access-token", repr=False)
    access_token_secret: str = field(default="sandbox-access-token-secret", repr=False)


DEFAULT = SandboxAccount()


def another(number: int) -> SandboxAccount:
    """Make one more account, the same for the same number."""
    return SandboxAccount(
        handle=f"sandbox{number}",
        user_id=str(1_000_000_000_000_000_100 + number),
        name=f"Sandbox {number}",
        api_key=f"sandbox-api-key-{number}",
        api_secret=f"sandbox-api-secret-{number}",
        access_token=f"{1_000_000_000_000_000_100 + number}-sandbox-access-token",
        access_token_secret=f"sandbox-access-token-secret-{number}",
    )
