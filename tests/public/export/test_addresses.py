"""Where addresses lie in a copy, and which of them give way."""

import pytest

from causes.public.export.addresses import canonical, file_of, link_to

SYMPTOM = "/symptoms/leg-numbness/"


@pytest.mark.parametrize(
    ("link", "written"),
    [
        ("/conditions/", "/conditions/"),
        ("#sources", "#sources"),
        ("?tag=foot", f"{SYMPTOM}tag=foot/"),
        (f"{SYMPTOM}?tag=foot#causes", f"{SYMPTOM}tag=foot/#causes"),
        ("/conditions/?page=2", "/conditions/page=2/"),
        ("/conditions/?page=2&letter=b", "/conditions/letter=b/page=2/"),
        ("?page=2&page=3", f"{SYMPTOM}page=3/"),
        # What a file cannot answer leads to the whole list.
        ("?tag=burning&tag=foot#causes", f"{SYMPTOM}#causes"),
        ("?tag=burning&tag=foot&page=2", f"{SYMPTOM}page=2/"),
        ("?on=2026-01-31", SYMPTOM),
        ("?q=numb", SYMPTOM),
        ("?tag=a%2Fb", SYMPTOM),
        ("/conditions/?letter=%C3%89", "/conditions/letter=%C3%89/"),
        ("/conditions/?letter=%26", "/conditions/letter=%26/"),
        ("/search/?q=numb+foot", "/search/"),
        ("/search/?tag=foot", "/search/"),
        ("/sitemap-pages.xml?p=2", "/p=2/sitemap-pages.xml"),
        # Other sites and other protocols are not ours to write.
        ("https://www.nhs.uk/?a=b", "https://www.nhs.uk/?a=b"),
        ("//www.nhs.uk/?a=b", "//www.nhs.uk/?a=b"),
        (
            "mailto:a@causes.example?subject=A%20mistake",
            "mailto:a@causes.example?subject=A%20mistake",
        ),
    ],
)
def test_a_link_as_a_copy_has_it(link, written):
    assert link_to(SYMPTOM, link) == written


def test_two_ways_to_write_an_address_are_one():
    assert canonical(SYMPTOM, "?page=2&letter=b#b") == canonical("/", f"{SYMPTOM}?letter=b&page=2")
    assert canonical(SYMPTOM, "#causes") == SYMPTOM
    assert canonical(SYMPTOM, "tel:112") is None


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/404.html", "404.html"),
        (f"{SYMPTOM}?tag=foot", "symptoms/leg-numbness/tag=foot/index.html"),
        ("/symptoms/page/2/", "symptoms/page/2/index.html"),
        ("/symptoms/page/?page=2", "symptoms/page/page=2/index.html"),
        ("/conditions/?letter=%C3%89", "conditions/letter=É/index.html"),
    ],
)
def test_the_file_of_an_address(address, file):
    assert file_of(address) == file


@pytest.mark.parametrize(
    "address",
    ["/../secret", "/a/../../secret", "/a/%2e%2e/b", "/a//b/", "/a%00b", "/a%5C..%5Cb", "/./a"],
)
def test_no_address_leads_out_of_the_folder(address):
    with pytest.raises(ValueError, match="no address of a file"):
        file_of(address)


@pytest.mark.parametrize(
    ("copied", "address"),
    [
        (f"{SYMPTOM}tag=foot/", f"{SYMPTOM}?tag=foot"),
        ("/conditions/letter=%C3%89/page=2/", "/conditions/?letter=%C3%89&page=2"),
        ("/symptoms/a/b/page=2/?tag=x", "/symptoms/a/b/?page=2"),
        ("/page=2/", "/?page=2"),
    ],
)
def test_a_link_of_a_copy_leads_to_the_site_when_it_is_back(client, copied, address):
    response = client.get(copied)
    assert (response.status_code, response["Location"]) == (301, address)


@pytest.mark.parametrize(
    "address", ["//evil.example/tag=foot/", "/a.b/tag=foot/", "/=foot/", "/tag=/", "/a/tag=b/c/"]
)
def test_nothing_else_is_taken_for_a_link_of_a_copy(db, client, address):
    assert client.get(f"http://localhost{address}").status_code == 404
