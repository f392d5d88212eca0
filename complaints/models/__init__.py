from complaints.models.case import Case, CaseStep

__all__ = ["Case", "CaseStep"]
