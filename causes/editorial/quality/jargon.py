"""Words of doctors and offices, with the plain ones. A page may use one that it explains."""

import re
from collections.abc import Collection, Iterator

from causes.editorial.readability import explained_terms, text_blocks

PLAIN = {
    "acute": "sudden",
    "administer": "give",
    "ambulate": "walk",
    "analgesic": "painkiller",
    "anticoagulant": "blood thinner",
    "approximately": "about",
    "atrophy": "wasting",
    "benign": "not cancer",
    "bilateral": "on both sides",
    "cardiac": "of the heart",
    "cerebral": "of the brain",
    "cerebrovascular": "of the blood vessels of the brain",
    "chronic": "long-lasting",
    "commence": "start",
    "comorbidity": "another condition",
    "contraindicated": "not safe",
    "deficit": "loss",
    "dermatome": "area of skin",
    "dysfunction": "trouble",
    "dyspnea": "trouble breathing",
    "edema": "swelling",
    "efficacy": "how well it works",
    "embolism": "clot that has traveled",
    "etiology": "cause",
    "exacerbate": "make worse",
    "febrile": "with fever",
    "gait": "the way you walk",
    "hepatic": "of the liver",
    "hypertension": "high blood pressure",
    "hypoesthesia": "less feeling",
    "idiopathic": "without a known cause",
    "incontinence": "leaking",
    "ischemia": "too little blood",
    "ischemic": "with too little blood",
    "lesion": "damaged area",
    "lumbar": "of the lower back",
    "malignant": "cancer",
    "micturition": "passing urine",
    "modality": "way",
    "myelin": "the cover of a nerve",
    "myocardial": "of the heart",
    "neuropathic": "from a nerve",
    "palpate": "feel",
    "paresis": "weakness",
    "paresthesia": "pins and needles",
    "pathology": "illness",
    "physician": "doctor",
    "prognosis": "outlook",
    "prophylaxis": "prevention",
    "proximal": "near the body",
    "pulmonary": "of the lungs",
    "radiculopathy": "a pressed nerve root",
    "renal": "of the kidneys",
    "sequelae": "what stays behind",
    "spasticity": "stiffness",
    "stenosis": "narrowing",
    "sufficient": "enough",
    "symptomatology": "symptoms",
    "terminate": "end",
    "thrombosis": "clot",
    "unilateral": "on one side",
    "utilize": "use",
    "vascular": "of the blood vessels",
    "vertebra": "bone of the back",
    "vertebrae": "bones of the back",
}
_ANY = re.compile(rf"(?i)\b(?:{'|'.join(sorted(PLAIN, key=len, reverse=True))})(?=(?:s|es|d)?\b)")


def explained(htmls: Collection[str]) -> set[str]:
    """The words, in lower case, that a page's texts explain: "narrowing (stenosis)"."""
    terms = {term for html in htmls for term in explained_terms(html)}
    return {word for term in terms for word in re.findall(r"[^\W\d_]+", term.lower())}


def words_in(html: str) -> set[str]:
    """The words, in lower case, that have a plain one."""
    return {word.lower() for block in text_blocks(html) for word in _ANY.findall(block)}


def unexplained(html: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """(word, plain word) for each that stands in the text and not in ``known``, each once."""
    for word in sorted(words_in(html) - set(known)):
        yield word, PLAIN[word]
