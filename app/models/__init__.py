"""The tables, one module for each group of nouns."""

from app.models.appeals import Appeal, Comment, Outcome
from app.models.audit import AuditEntry, Via
from app.models.counters import CellReport, CountedUntil, CounterTotal
from app.models.courses import (
    Assignment,
    AssignmentExercise,
    AssignmentGroup,
    Course,
    Enrolment,
    Role,
    Trials,
)
from app.models.declarative import Base
from app.models.extensions import GivenExtension, LateDays
from app.models.grades import StoredGrade
from app.models.grading_time import GradingTime
from app.models.idempotency import IdempotencyKey
from app.models.people import ApiToken, SignIn, User
from app.models.progress import EarlyResult
from app.models.receipts import Receipt
from app.models.regrades import Regrade
from app.models.sections import Section, SectionMember
from app.models.sources import Source
from app.models.submissions import ExerciseResult, Kind, Status, Submission, in_queue, is_running
from app.models.visitors import VisitorTrial

__all__ = [
    "ApiToken",
    "Appeal",
    "Assignment",
    "AssignmentExercise",
    "AssignmentGroup",
    "AuditEntry",
    "Base",
    "CellReport",
    "Comment",
    "CountedUntil",
    "CounterTotal",
    "Course",
    "EarlyResult",
    "Enrolment",
    "ExerciseResult",
    "GivenExtension",
    "GradingTime",
    "IdempotencyKey",
    "Kind",
    "LateDays",
    "Outcome",
    "Receipt",
    "Regrade",
    "Role",
    "Section",
    "SectionMember",
    "SignIn",
    "Source",
    "Status",
    "StoredGrade",
    "Submission",
    "Trials",
    "User",
    "Via",
    "VisitorTrial",
    "in_queue",
    "is_running",
]
