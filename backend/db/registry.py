"""Every table, imported once, so that `SQLModel.metadata` is complete."""

from sqlmodel import SQLModel

from backend.assets import models as assets
from backend.audit import models as audit
from backend.auth import models as auth
from backend.booking import models as booking
from backend.cases import models as cases
from backend.customers import models as customers
from backend.evidence import models as evidence
from backend.extras import models as extras
from backend.imports import models as imports
from backend.jobs import models as jobs
from backend.live import models as live
from backend.messages import models as messages
from backend.offers import models as offers
from backend.organisations import models as organisations
from backend.parts import models as parts
from backend.presence import models as presence
from backend.privacy import models as privacy
from backend.push import models as push
from backend.ratings import models as ratings
from backend.report import models as report
from backend.scheduling import models as scheduling
from backend.sync import models as sync
from backend.technicians import models as technicians
from backend.tracking import models as tracking
from backend.vendors import models as vendors
from backend.views import models as views

TABLES = (
    assets, audit, auth, booking, cases, customers, evidence, extras, imports, jobs, live, messages,
    offers, organisations, parts, presence, privacy, push, ratings, report, scheduling, sync,
    technicians, tracking, vendors, views,
)  # fmt: skip
METADATA = SQLModel.metadata
