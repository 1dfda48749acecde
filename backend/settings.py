"""Settings, read from the environment (`SHANGMEN_*`) and an optional `.env`."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def front_end_dir() -> Path:
    """In an installed package the built pages lie beside the code; in a clone, where Vite puts them."""
    packaged = Path(__file__).parent / "static"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "pwa" / "dist"


class LetterHookSettings(BaseModel):
    """E-mails handed over by HTTP to the server as a whole; an organisation makes an address of its own.

    While a secret is changed both are good, the new one and the old.
    `page` is the report page of whose they are, `address` where they were sent to, which is never answered.
    """

    secrets: list[Annotated[SecretStr, Field(min_length=32)]] = []
    page: str = ""
    address: str = ""


class Settings(BaseSettings):
    """Everything a deployment may set; the defaults run the embedded system."""

    # What is wrong with a secret is told without the secret.
    model_config = SettingsConfigDict(
        env_prefix="SHANGMEN_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    data_dir: Path = Path("var")
    database_url: str = ""
    database_pool: int = Field(default=20, ge=1, le=100)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""
    secret: SecretStr = SecretStr("")
    session_hours: int = Field(default=24 * 14, ge=1)
    customer_link_days: int = Field(default=30, ge=1)
    sign_in_attempts: int = Field(default=8, ge=1)
    sign_in_window_s: int = Field(default=300, ge=1)
    solver: Literal["inprocess", "queue"] = "inprocess"
    solver_processes: int = Field(default=1, ge=1)
    solver_warm_up: bool = True
    osrm_url: str = ""
    geocoder: str = ""
    geocoder_options: dict[str, str] = Field(default={}, repr=False)
    sms: Literal["", "aliyun", "twilio"] = ""
    sms_options: dict[str, str] = Field(default={}, repr=False)
    # Inner hosts, addresses or networks that organisations may set their channels up with.
    channel_hosts: list[str] = []
    # A mailbox that is read by IMAP: host, user, password; port, security, folder, page, address.
    mailbox: dict[str, str] = Field(default={}, repr=False)
    letter_hook: LetterHookSettings = LetterHookSettings()
    # Addresses of push services, and hosts below them, that browsers may name; and whom they may write to.
    push_services: list[str] = [
        "fcm.googleapis.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com",
    ]  # fmt: skip
    push_contact: str = ""
    log_format: Literal["console", "json"] = "console"
    log_level: str = "INFO"
    front_end_dir: Path = Field(default_factory=front_end_dir)
    secure_cookies: bool = False
    trusted_proxies: str = "127.0.0.1"

    @cached_property
    def resolved_database_url(self) -> str:
        """The database to use; SQLite inside `data_dir` when none is named."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'shangmen.db'}"
        for plain in ("postgresql://", "postgres://"):
            if self.database_url.startswith(plain):
                return "postgresql+asyncpg://" + self.database_url.removeprefix(plain)
        return self.database_url

    @cached_property
    def base_url(self) -> str:
        """Where people reach this server, without a slash at the end."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @cached_property
    def blob_dir(self) -> Path:
        return self.data_dir / "blobs"

    @cached_property
    def upload_dir(self) -> Path:
        """Where files lie that have only half arrived."""
        return self.data_dir / "uploads"
