"""What documents are expected follows the settings in force, as the site's own do."""

from __future__ import annotations

import json

import pytest

from agent_connector.doctor.examination import SERVER_PATH
from agent_connector.models import ConnectorSettings
from tests.doctoring import examination

pytestmark = pytest.mark.django_db
REGISTRATION = "registration_endpoint"
DOCUMENTS = "client_id_metadata_document_supported"


@pytest.mark.parametrize("registration", [True, False])
@pytest.mark.parametrize("documents", [True, False])
def test_the_server_document_follows_the_settings(
    *, registration: bool, documents: bool
) -> None:
    ConnectorSettings.objects.create(
        dynamic_client_registration=registration,
        client_id_metadata_documents=documents,
    )
    exam = examination()

    expected = exam.expected_document(SERVER_PATH)

    assert expected == json.loads(exam.page(SERVER_PATH).body)
    assert (REGISTRATION in expected) is registration
    assert bool(expected.get(DOCUMENTS)) is documents
