"""What the shipped content has to say, as the tests ask for it: tables only."""

# What the article gets wrong or leaves out: where the page says so, and in which words.
CORRECTIONS = {
    "carpal tunnel syndrome is of the hand": ("s09", ["carpal tunnel", "hand, not the leg"]),
    "sciatica is a symptom": ("s09", ["sciatica is a symptom", "herniated disc"]),
    "a disc presses on nerves in the back": ("s08", ["in the back", "not in the leg"]),
    "MS and stroke act in the brain and spinal cord": ("s13", ["ms and stroke", "spinal cord"]),
    "atherosclerosis is what causes PAD": ("s11", ["atherosclerosis", "pad"]),
    "two kinds of blood clot": ("s11", ["artery clot", "vein clot", "emergency"]),
    "the emergencies": ("s20", ["emergencies", "first", "last card"]),
    "a temporary condition": ("s03", ["pressure on a nerve", "added"]),
    "medicines among the causes of neuropathy": ("s07", ["do not stop or change a medicine"]),
    "medicines among the other factors": ("s19", ["do not stop or change a medicine"]),
    "treatment may help": ("s22", ["may"]),
    "plain words for alcohol": ("s07", ["blame no one", "drinking too much"]),
    "Guillain-Barré syndrome": ("s16", ["guillain-barré syndrome", "emergency"]),
    "kidney disease when advanced": ("s19", ["kidney disease", "advanced"]),
    "stenosis presses on nerve roots": ("s18", ["nerve roots", "not on the cord"]),
    "care of numb feet": ("s02", ["numb feet", "added"]),
}
# What the cards of the symptom must warn of, by level.
WARNINGS = {
    "emergency": [
        *("face droops", "lift an arm", "speech is slurred", "on one side, even if it has gone"),
        *("suddenly cold, pale or blue", "spreads up your legs", "breathing or swallowing"),
        *(
            "swollen and painful",
            "chest pain",
            "genitals, buttocks or back passage",
            "urine or stool",
        ),
        *("both legs are weak or numb", "below a level", "after a serious injury", "cancer"),
    ],
    "urgent": ["warm, swollen and painful", "foot drops", "one leg is getting weaker"],
    "non_urgent": ["keeps coming back", "diabetes and new numbness", "sore that does not heal"],
}
# Conditions that the article lacks or confuses, with what each is to leg numbness.
ADDED = {
    ("pressure-on-a-nerve", "leg-numbness-nerve-compression"): "direct",
    ("cauda-equina-syndrome", "leg-numbness-nerve-compression"): "emergency",
    ("acute-limb-ischemia", "leg-numbness-poor-circulation"): "emergency",
    ("deep-vein-thrombosis", "leg-numbness-poor-circulation"): "not_a_cause_here",
    ("transient-ischemic-attack", "leg-numbness-nerve-damage"): "emergency",
    ("guillain-barre-syndrome", "leg-numbness-infections-and-inflammation"): "emergency",
}
# What readers type or look up, and the page that it has to bring.
OTHER_NAMES = {
    "slipped disc": "slipped-disc",
    "herniated disk": "slipped-disc",
    "peripheral arterial disease": "peripheral-artery-disease",
    "PAD": "peripheral-artery-disease",
    "poor circulation in the legs": "peripheral-artery-disease",
    "pins and needles": "leg-numbness",
    "paraesthesia": "leg-numbness",
    "paresthesia": "leg-numbness",
    "spinal tumour": "spinal-tumours",
    "spinal tumor": "spinal-tumours",
    "meralgia paraesthetica": "meralgia-paraesthetica",
    "meralgia paresthetica": "meralgia-paraesthetica",
    "sugar diabetes": "diabetes",
    "B12": "vitamin-b12-deficiency",
    "foot asleep": "pressure-on-a-nerve",
    "alcoholism": "alcohol-misuse",
    "Guillain Barre": "guillain-barre-syndrome",
}
ICD_10_CM = {
    *("R20.0", "R20.2", "G62.9", "E11.42", "E10.42", "G62.1", "G62.0", "E53.8", "E56.9"),
    *("M51.16", "I73.9", "I70.2", "I74.3", "I82.4", "I26.99", "G35.D", "I63.9", "G45.9"),
    *("A69.22", "I77.6", "M48.0", "S34.109A", "C72.0", "D33.4", "D43.4", "G95.20", "G83.4"),
    *("G61.0", "N18.9", "M54.3", "G56.0", "G57.1"),
}
