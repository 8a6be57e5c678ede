"""The API as its own document describes it: whatever is sent, nothing fails on the server, and no answer is another than the document says.

Requests are made of the OpenAPI document, right ones and wrong ones; the budget is small, and what fails is shrunk to a short example.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.proactive.web.conftest import LOCAL, Running

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: pip install --group test")

DOCUMENTED = r"^(/api/(records|talk|health|look)|/metrics)"
EXAMPLES = 8  # of each operation


def test_whatever_is_sent_to_the_api_is_answered_as_its_document_says(running: Running) -> None:
    described = schemathesis.openapi.from_url(f"{running.address}/api/openapi.json").include(path_regex=DOCUMENTED)
    operations = [found.ok() for found in described.get_all_operations()]
    assert {"/api/records", "/api/talk", "/api/health", "/api/look", "/metrics"} <= {each.path for each in operations}
    for operation in operations:
        _try(operation)


def _try(operation: Any) -> None:  # schemathesis gives it no types here
    """Send requests of one operation; raise for the first, made short, that is not answered as the document says."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

    checks = [not_a_server_error, status_code_conformance, content_type_conformance]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def answers(case: Any) -> None:
        case.call_and_validate(checks=checks, headers={"Authorization": f"Bearer {LOCAL}"})

    answers()
