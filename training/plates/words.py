"""Small words on plates: names of states, slogans, cities, dealers. None of them is to be read."""

import numpy as np

DEALERS = (
    "AUTO MOTORS CENTER DEALER TOYOTA HONDA FORD SERVICE CARS THE-OF STATE CITY GROUP YAMAHA SUZUKI KAWASAKI NISSAN "
    "HYUNDAI CHEVROLET BMW AUDI AUTOHAUS GARAGE CHRYSLER JEEP DODGE VOLVO SUBARU MAZDA KIA VW RENAULT PEUGEOT OPEL "
    "SKODA WWW.CARS.COM WWW.AUTO.DE ALUMNI UNIVERSITY SEMAKIN-DI-DEPAN ONE-HEART 01234-567890 LTD SALES"
).replace("-", " ").split()
SYLLABLES = "BA CO DE FER GO HIL IN JA KA LON MA NE OR PO RI SAN TA UR VA WES TON VIL LAND SE LO PE CHI AR BER".split()
INVENTED_SHARE = 0.25


def pick(rng: np.random.Generator, options):
    return options[int(rng.integers(len(options)))]


def invent_words(rng: np.random.Generator) -> str:
    """One to three words that no list holds, so that no list is learnt by heart."""
    count = int(rng.choice([1, 2, 2, 3]))
    return " ".join("".join(pick(rng, SYLLABLES) for _ in range(int(rng.integers(2, 4)))) for _ in range(count))


def pick_words(rng: np.random.Generator, options) -> str:
    """One of the options or something of the same look."""
    return invent_words(rng) if not options or rng.random() < INVENTED_SHARE else pick(rng, options)


def pick_dealer(rng: np.random.Generator) -> str:
    """One to three words of a holder or frame."""
    if rng.random() < 0.3:
        return invent_words(rng)
    return " ".join(pick(rng, DEALERS) for _ in range(int(rng.integers(1, 4))))
