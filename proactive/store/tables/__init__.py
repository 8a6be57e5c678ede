"""The tables of the personal-context store: who and what a home has, its rules, and what came of them.

Everything belongs to a home and goes with it: each table names its home and is deleted with it; only what language models
used, API tokens for every home, and counts are of the installation. Instants are whole
microseconds since 1970-01-01T00:00Z (`rules.units`), exact and ordered in every database. Lists without a life of
their own (aliases, photos, a zone's polygon) are JSON. `position` keeps the order of the home file, since the
first match of a name wins there too; `extra` keeps the keys that mean nothing here, so that an export loses nothing.

A change here needs a migration in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

from proactive.store.tables.doors import AccountRow, ChangeRow, FailureRow, InvitationRow, SessionRow, ShareRow
from proactive.store.tables.going import (
    DeedRow,
    DeliveryRow,
    FalseAlarmRow,
    NotificationRow,
    SubscriptionRow,
    UsedTicketRow,
)
from proactive.store.tables.home import (
    CalendarRow,
    CameraRow,
    DeviceRow,
    EntryRow,
    GroupRow,
    HomeRow,
    PersonRow,
    PetRow,
    ZoneRow,
)
from proactive.store.tables.installation import TallyRow, TokenRow, UsageRow
from proactive.store.tables.rules import FiringRow, RuleRow, RuleVersionRow
from proactive.store.tables.told import ConversationRow, FactRow, LookRow, PreferenceRow, SnoozeRow

__all__ = [
    "AccountRow",
    "CalendarRow",
    "CameraRow",
    "ChangeRow",
    "ConversationRow",
    "DeedRow",
    "DeliveryRow",
    "DeviceRow",
    "EntryRow",
    "FactRow",
    "FailureRow",
    "FalseAlarmRow",
    "FiringRow",
    "GroupRow",
    "HomeRow",
    "InvitationRow",
    "LookRow",
    "NotificationRow",
    "PersonRow",
    "PetRow",
    "PreferenceRow",
    "RuleRow",
    "RuleVersionRow",
    "SessionRow",
    "ShareRow",
    "SnoozeRow",
    "SubscriptionRow",
    "TallyRow",
    "TokenRow",
    "UsageRow",
    "UsedTicketRow",
    "ZoneRow",
]
