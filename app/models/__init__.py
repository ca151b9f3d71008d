"""The tables, one module for each group of nouns."""

from app.models.audit import AuditEntry, Via
from app.models.counters import CellReport, CountedUntil, CounterTotal
from app.models.declarative import Base
from app.models.exports import Export, ExportPart
from app.models.grading.appeals import Appeal, Comment, Outcome
from app.models.grading.grades import StoredGrade
from app.models.grading.regrades import Regrade
from app.models.links import PasswordLink
from app.models.mails import Delivery, Mail
from app.models.people import Account, ApiToken, ServiceAccount, SignIn, User
from app.models.teaching.courses import (
    Assignment,
    AssignmentExercise,
    AssignmentGroup,
    Course,
    Enrolment,
    Role,
    Trials,
)
from app.models.teaching.extensions import GivenExtension, LateDays
from app.models.teaching.sections import Section, SectionMember
from app.models.teaching.teams import Team, TeamInvitation, TeamMember
from app.models.webhooks import (
    DeliveryState,
    EventType,
    ToldClosing,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookTry,
)
from app.models.work.grading_time import GradingTime
from app.models.work.idempotency import IdempotencyKey, KeptAnswer
from app.models.work.looks import HintLook
from app.models.work.members import AttemptMember
from app.models.work.progress import EarlyResult
from app.models.work.receipts import Receipt
from app.models.work.sources import Source
from app.models.work.submissions import (
    ExerciseResult,
    Kind,
    Status,
    Submission,
    in_queue,
    is_running,
)
from app.models.work.visitors import VisitorTrial

__all__ = [
    "Account",
    "ApiToken",
    "Appeal",
    "Assignment",
    "AssignmentExercise",
    "AssignmentGroup",
    "AttemptMember",
    "AuditEntry",
    "Base",
    "CellReport",
    "Comment",
    "CountedUntil",
    "CounterTotal",
    "Course",
    "Delivery",
    "DeliveryState",
    "EarlyResult",
    "Enrolment",
    "EventType",
    "ExerciseResult",
    "Export",
    "ExportPart",
    "GivenExtension",
    "GradingTime",
    "HintLook",
    "IdempotencyKey",
    "KeptAnswer",
    "Kind",
    "LateDays",
    "Mail",
    "Outcome",
    "PasswordLink",
    "Receipt",
    "Regrade",
    "Role",
    "Section",
    "SectionMember",
    "ServiceAccount",
    "SignIn",
    "Source",
    "Status",
    "StoredGrade",
    "Submission",
    "Team",
    "TeamInvitation",
    "TeamMember",
    "ToldClosing",
    "Trials",
    "User",
    "Via",
    "VisitorTrial",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "WebhookTry",
    "in_queue",
    "is_running",
]
