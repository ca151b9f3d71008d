"""The tables, one module for each group of nouns."""

from app.models.courses import Assignment, AssignmentExercise, Course, Enrolment, Role
from app.models.declarative import Base
from app.models.people import ApiToken, SignIn, User
from app.models.submissions import ExerciseResult, Status, Submission

__all__ = [
    "ApiToken",
    "Assignment",
    "AssignmentExercise",
    "Base",
    "Course",
    "Enrolment",
    "ExerciseResult",
    "Role",
    "SignIn",
    "Status",
    "Submission",
    "User",
]
