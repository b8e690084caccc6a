"""Readers' words and the pages' words for the same thing. Plain lists, for editors to add to.

Names of conditions do not belong here: they are alternate names of their pages.
"""

from collections import defaultdict

from causes.search.words import plain, stems, words

# Each line: words that mean (nearly) the same. One finds the others, at less weight.
# Plurals that English forms oddly stand here too: the stemmer does not know "feet".
SAME = """
numb numbness
tingling tingle prickling
feel sensation
asleep sleep
swollen swelling edema oedema
hurt pain ache sore painful
tired fatigue exhausted
weak weakness paralysis paralyzed
belly tummy stomach abdomen abdominal
bowel intestine intestinal gut colon
pee urine urinate urination
poo poop stool feces faeces
vomit puke
itch itchy itching pruritus
dizzy lightheaded vertigo
faint syncope
breathless breath breathing
kidney renal
liver hepatic
heart cardiac
lung pulmonary
brain cerebral
nerve neuropathy
sciatic sciatica
artery arterial
vein venous
bone skeletal
muscle muscular
joint articular
skin cutaneous
eye ocular
sight vision
hearing deafness
tooth teeth dental
nose nasal
mouth oral
face facial
back spine spinal
disc disk
slipped herniated ruptured
trapped pinched compressed
narrow narrowing narrowed stenosis
blocked blockage obstruction
leg calf thigh
foot feet toe
hand finger wrist
flight flying airplane plane
baby infant newborn
child children kid pediatric paediatric childhood
teen teenager adolescent
woman women female
man men male
period menstrual
womb uterus uterine
pregnant pregnancy
elderly seniors older
shot vaccine vaccination immunization jab
medicine medication drug
surgery operation
doctor physician specialist
diagnose diagnosis detect test
treat treatment therapy cure
prevent prevention
inherited hereditary genetic
contagious transmitted transmission spread infectious catch
tumor tumour
broken fracture
illness disease disorder
problem disorder difficulty
injury trauma damage
failure failing
obese obesity overweight
smoke tobacco cigarette
walking gait
night nite
shaking tremor
twitch spasm cramp
seizure convulsion
confused confusion
sad depression depressed
anxious anxiety
fever temperature
sugar glucose
bleed bleeding hemorrhage haemorrhage
clot thrombosis
inflamed inflammation inflammatory
bacteria bacterial
virus viral
fungus fungal
asthma asthmatic
allergy allergic
diabetes diabetic
arthritis arthritic
anemia anaemia anemic
diarrhea diarrhoea
leukemia leukaemia
esophagus oesophagus esophageal
fetus foetus
flu influenza
streptococcus streptococcal strep
"""

# Each line: what readers say: the words that are looked for instead.
PHRASES = """
cant feel, cannot feel, can not feel, no feeling, lost feeling, loss of feeling: numb
cant move, cannot move, can not move: paralysis
pins and needles: tingling pins needles
fall asleep, falls asleep, falling asleep, fell asleep, fallen asleep: asleep
throwing up, threw up, throw up: vomit
passed out, passing out, pass out, blacked out: faint
short of breath, shortness of breath, out of breath, cant breathe: breathless
gave way, give way, gives way, giving way: weak
high temperature: fever
"""

# A limb that is asleep is numb; a person who is asleep is not.
LIMBS = {
    *("leg", "legs", "foot", "feet", "toe", "toes", "thigh"),
    *("arm", "arms", "hand", "hands", "finger", "fingers"),
}
ASLEEP = "asleep"
ASLEEP_LIMB = "numb tingling asleep"


def _same_stems() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in SAME.strip().splitlines():
        group = set(stems(line))
        for stem in group:
            found[stem] |= group - {stem}
    return {stem: frozenset(others) for stem, others in found.items() if others}


def _phrases() -> dict[tuple[str, ...], list[str]]:
    found = {}
    for line in PHRASES.strip().splitlines():
        said, meant = line.split(":")
        for phrase in said.split(","):
            found[tuple(plain(phrase).split())] = meant.split()
    return found


SAME_STEMS = _same_stems()
_PHRASES = _phrases()
_LONGEST_PHRASE = max(map(len, _PHRASES))
# Words that are no mistake, although no page may say them.
LAY_WORDS = frozenset(words(SAME)) | frozenset(words(PHRASES))


def in_pages_words(said: list[str]) -> list[str]:
    """The words with each known phrase replaced by what pages say."""
    result: list[str] = []
    place = 0
    while place < len(said):
        for length in range(_LONGEST_PHRASE, 0, -1):
            meant = _PHRASES.get(tuple(said[place : place + length]))
            if meant:
                result += meant
                place += length
                break
        else:
            result.append(said[place])
            place += 1
    if ASLEEP in result and not LIMBS.isdisjoint(result):
        where = result.index(ASLEEP)
        result[where : where + 1] = ASLEEP_LIMB.split()
    return result
