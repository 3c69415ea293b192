"""Two ways to the same base."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Addresses:
    """How to reach the base as its owner, and as the application, with the role it drops to."""

    owner: str
    app: str
    role: str = ""

    def environment(self) -> dict[str, str]:
        """For web and worker."""
        return {"DATABASE_URL": self.app, "VORONKA_DB_ROLE": self.role}

    def owner_environment(self) -> dict[str, str]:
        """For migrations: no role to drop to."""
        return {"DATABASE_URL": self.owner, "VORONKA_DB_ROLE": "", "VORONKA_DB_POOL": ""}
