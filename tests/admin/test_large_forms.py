"""Forms that are too large: 413 in plain words, nothing stored, nothing lost."""

import pytest
from django.conf import settings

from causes.editorial.guests import address_of
from causes.editorial.reviewing import invite
from causes.models import SourceStatement
from causes.public.middleware import LARGEST_PUBLIC_FORM
from tests.admin.screens import address, errors, form_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(make_condition, published):
    page = make_condition()
    published(page)
    return page


def assert_too_large(response) -> None:
    assert response.status_code == 413
    text = response.content.decode()
    assert "Nothing was saved" in text
    assert "what you typed is still in your browser" in text
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"


def test_a_form_of_too_many_bytes_answers_413_and_changes_nothing(publishing_client, page):
    url = address("change", page)
    form = form_data(publishing_client, url)
    form |= {"lead": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
    assert_too_large(publishing_client.post(url, form))
    assert page.revisions.count() == 1


def test_a_form_of_too_many_fields_answers_413_and_changes_nothing(publishing_client, page):
    url = address("change", page)
    form = form_data(publishing_client, url)
    form |= {f"x{number}": "" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)}
    assert_too_large(publishing_client.post(url, form))
    assert page.revisions.count() == 1


def test_a_form_of_too_many_files_answers_413(publishing_client, page):
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="f%d"; filename="f"\r\n\r\n\r\n' % n
        for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)
    )
    url, kind = address("change", page), "multipart/form-data; boundary=x"
    assert_too_large(publishing_client.generic("POST", url, body + b"--x--\r\n", kind))


def test_the_sign_in_form_is_no_exception(client):
    form = {"username": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE, "password": "x"}
    assert_too_large(client.post("/admin/login/", form))


def test_a_page_of_hundreds_of_rows_is_saved(publishing_client, make_symptom):
    page = make_symptom()
    SourceStatement.objects.bulk_create(
        SourceStatement(page=page, anchor=f"s{number}", order=number, text=f"Sentence {number}.")
        for number in range(190)
    )
    url = address("change", page)
    form = form_data(publishing_client, url)
    assert len(form) > 1000  # what Django takes by itself
    response = publishing_client.post(url, form)
    assert response.status_code == 302, errors(response)
    assert len(page.revisions.first().document["statements"]) == 190


def test_a_field_that_is_too_long_is_refused_beside_it_with_the_text(publishing_client, page):
    url = address("change", page)
    form = form_data(publishing_client, url)
    long = "word " * 20_000
    response = publishing_client.post(url, form | {"sections-0-body": f"<p>{long}</p>"})
    assert "At most 50000 characters." in errors(response)
    assert response.content.decode().count(long.strip()) == 1
    response = publishing_client.post(url, form | {"title": "x" * 66})
    assert "at most 65 characters" in errors(response)


def guests_address(page, person) -> str:
    link = invite(page, actor=person, number=1, recipient="Dr Roe", days=3)
    return address_of(link).removeprefix(settings.SITE_URL)


def test_a_guests_longest_answer_fits_and_a_larger_form_answers_413(client, page, publisher):
    url = guests_address(page, publisher)
    answer = {"name": "Dr Roe", "role": "GP", "verdict": "commented", "note": "𝕏" * 5000}
    body = "&".join(f"{name}={value}" for name, value in answer.items())
    body = body.replace("𝕏", "%F0%9D%95%8F")
    kind = "application/x-www-form-urlencoded"
    assert len(body) < LARGEST_PUBLIC_FORM
    assert client.generic("POST", url, body, kind).status_code == 302
    assert_too_large(client.generic("POST", url, body + "x" * LARGEST_PUBLIC_FORM, kind))
    assert page.revisions.get().sign_offs.count() == 1


@pytest.mark.parametrize("length", ["", "x", "-1", "9" * 5000, "\u0661", "1e9"])
def test_a_length_that_is_no_number_is_no_error(client, db, length):
    assert client.get("/", CONTENT_LENGTH=length).status_code in {200, 413}


def test_a_thousand_parameters_in_an_address_answer_400(client, db):
    assert client.get("/?" + "x=1&" * 1000).status_code == 400
    assert client.get("/admin/login/?" + "x=1&" * 1000).status_code == 400
