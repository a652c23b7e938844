"""NIBRS offence codes, Groups A and B (FBI NIBRS User Manual), with the words that officers look them up by.

"Investigation" is not among them and is not a reason. Sensitive offences (11x, and those that name a victim of a sexual
offence or of trafficking as surely: 36x, 370, 64x) hide the incident's exact place.
"""

from __future__ import annotations

import re

import msgspec

_APART = re.compile(r"[^a-z0-9]+")
_SENSITIVE = ("11", "36", "370", "64")


class Offence(msgspec.Struct, frozen=True):
    """One NIBRS offence."""

    code: str
    name: str
    words: str = ""

    @property
    def sensitive(self) -> bool:
        """Whether the exact incident place is kept from neighbours and the public."""
        return self.code.startswith(_SENSITIVE)


# Not asked about here: "all other offenses" is no reason, and immigration is forbidden (DESIGN 2).
FORBIDDEN: frozenset[str] = frozenset({"30A", "30B", "30C", "30D", "49C", "90Z"})

OFFENCES: tuple[Offence, ...] = tuple(
    Offence(*row)
    for row in (
        ("09A", "Murder and non-negligent manslaughter", "homicide killing shooting stabbing"),
        ("09B", "Negligent manslaughter", "homicide crash fatal hit and run"),
        ("100", "Kidnapping / abduction", "missing taken child"),
        ("11A", "Rape", "sexual assault"),
        ("11B", "Sodomy", "sexual assault"),
        ("11C", "Sexual assault with an object", "sexual assault"),
        ("11D", "Criminal sexual contact", "groping fondling sexual assault"),
        ("120", "Robbery", "mugging hold-up carjacking phone snatched gunpoint"),
        ("13A", "Aggravated assault", "stabbing shooting weapon hit and run injury beaten road rage"),
        ("13B", "Simple assault", "fight punched beaten shoved"),
        ("13C", "Intimidation", "threat stalking harassment"),
        ("200", "Arson", "fire burned garage"),
        ("210", "Extortion / blackmail", "sextortion"),
        ("220", "Burglary / breaking and entering", "break-in home garage shed window door"),
        ("23A", "Pocket-picking", "wallet pickpocket"),
        ("23B", "Purse-snatching", "bag handbag"),
        ("23C", "Shoplifting", "store retail theft"),
        ("23D", "Theft from building", "porch parcel package bicycle lobby delivery mailroom"),
        ("23E", "Theft from coin-operated machine or device", "laundry meter vending"),
        ("23F", "Theft from motor vehicle", "car break-in smash window auto burglary"),
        ("23G", "Theft of motor vehicle parts", "catalytic converter wheels tires plates"),
        ("23H", "All other larceny", "theft stolen porch package parcel bicycle bike scooter yard tools"),
        ("240", "Motor vehicle theft", "stolen car motorcycle carjacking"),
        ("250", "Counterfeiting / forgery", "fake bills checks"),
        ("26A", "False pretenses / swindle / confidence game", "fraud scam door to door contractor"),
        ("26B", "Credit card / automated teller machine fraud", "card skimmer ATM"),
        ("26C", "Impersonation", "fake officer utility worker"),
        ("26D", "Welfare fraud", "benefit"),
        ("26E", "Wire fraud", "scam telephone online"),
        ("26F", "Identity theft", "mail theft documents"),
        ("26G", "Hacking / computer invasion", "computer"),
        ("270", "Embezzlement", "employee"),
        ("280", "Stolen property offenses", "receiving fence possession"),
        ("290", "Destruction / damage / vandalism of property", "graffiti broken window hit and run parked car egged"),
        ("35A", "Drug / narcotic violations", "dealing"),
        ("35B", "Drug equipment violations", "paraphernalia"),
        ("36A", "Incest", "sexual"),
        ("36B", "Statutory rape", "sexual"),
        ("370", "Pornography / obscene material", ""),
        ("39A", "Betting / wagering", "gambling"),
        ("39B", "Operating / promoting / assisting gambling", "gambling"),
        ("39C", "Gambling equipment violations", "gambling"),
        ("39D", "Sports tampering", "gambling"),
        ("40A", "Prostitution", ""),
        ("40B", "Assisting or promoting prostitution", ""),
        ("40C", "Purchasing prostitution", ""),
        ("49A", "Harboring escapee / concealing from arrest", "fugitive"),
        ("49B", "Flight to avoid prosecution", "fugitive"),
        ("510", "Bribery", ""),
        ("520", "Weapon law violations", "shots fired gun gunfire shooting"),
        ("521", "Violation of National Firearm Act of 1934", "gun weapon"),
        ("522", "Weapons of mass destruction", "explosive"),
        ("526", "Explosives violations", "bomb"),
        ("64A", "Human trafficking, commercial sex acts", ""),
        ("64B", "Human trafficking, involuntary servitude", ""),
        ("720", "Animal cruelty", "dog cat poisoned"),
        ("90B", "Curfew / loitering / vagrancy violations", ""),
        ("90C", "Disorderly conduct", "fight noise fireworks"),
        ("90D", "Driving under the influence", "drunk crash"),
        ("90E", "Drunkenness", ""),
        ("90F", "Family offenses, nonviolent", ""),
        ("90G", "Liquor law violations", "alcohol"),
        ("90H", "Peeping Tom", "prowler window"),
        ("90J", "Trespass of real property", "prowler yard"),
    )
)

BY_CODE: dict[str, Offence] = {offence.code: offence for offence in OFFENCES}


def search(text: str) -> tuple[Offence, ...]:
    """The offences whose code, name or usual words hold every word of `text` at the start of a word.

    Those whose own name holds them come first, then in code order.
    """
    words = text.lower().split()
    found = [offence for offence in OFFENCES if _holds(f"{offence.code} {offence.name} {offence.words}", words)]
    return tuple(sorted(found, key=lambda o: (not _holds(f"{o.code} {o.name}", words), OFFENCES.index(o))))


def _holds(text: str, words: list[str]) -> bool:
    starts = _APART.split(text.lower())
    asked = [part for word in words for part in _APART.split(word)]
    return all(any(start.startswith(part) for start in starts) for part in asked)
