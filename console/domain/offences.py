"""NIBRS Group A offence codes (FBI NIBRS User Manual), with the words that officers look them up by.

"Investigation" is not among them and is not a reason. Sensitive offences (11x) hide the incident's exact place.
"""

from __future__ import annotations

import msgspec


class Offence(msgspec.Struct, frozen=True):
    """One NIBRS offence."""

    code: str
    name: str
    words: str = ""

    @property
    def sensitive(self) -> bool:
        """Whether the exact incident place is kept from neighbours and the public."""
        return self.code.startswith("11")


OFFENCES: tuple[Offence, ...] = tuple(
    Offence(*row)
    for row in (
        ("09A", "Murder and non-negligent manslaughter", "homicide killing shooting"),
        ("09B", "Negligent manslaughter", "homicide crash"),
        ("100", "Kidnapping / abduction", "missing taken child"),
        ("11A", "Rape", "sexual assault"),
        ("11B", "Sodomy", "sexual assault"),
        ("11C", "Sexual assault with an object", "sexual assault"),
        ("11D", "Criminal sexual contact", "groping fondling"),
        ("120", "Robbery", "mugging hold-up carjacking phone snatched"),
        ("13A", "Aggravated assault", "stabbing shooting weapon hit and run injury beaten"),
        ("13B", "Simple assault", "fight punched beaten"),
        ("13C", "Intimidation", "threat stalking"),
        ("200", "Arson", "fire burned garage"),
        ("210", "Extortion / blackmail", ""),
        ("220", "Burglary / breaking and entering", "break-in home garage shed window"),
        ("23A", "Pocket-picking", "wallet"),
        ("23B", "Purse-snatching", "bag handbag"),
        ("23C", "Shoplifting", "store"),
        ("23D", "Theft from building", "porch parcel package bicycle lobby delivery"),
        ("23F", "Theft from motor vehicle", "car break-in smash window"),
        ("23G", "Theft of motor vehicle parts", "catalytic converter wheels tyres plates"),
        ("23H", "All other larceny", "theft stolen porch package parcel bicycle bike scooter yard"),
        ("240", "Motor vehicle theft", "stolen car motorcycle"),
        ("250", "Counterfeiting / forgery", ""),
        ("26A", "False pretenses / swindle", "fraud scam door to door"),
        ("26E", "Wire fraud", "scam telephone"),
        ("280", "Stolen property offences", "receiving fence"),
        ("290", "Destruction / damage / vandalism", "graffiti broken window hit and run parked car"),
        ("35A", "Drug / narcotic violations", "dealing"),
        ("520", "Weapon law violations", "shots fired gun"),
        ("720", "Animal cruelty", "dog cat poisoned"),
    )
)

BY_CODE: dict[str, Offence] = {offence.code: offence for offence in OFFENCES}


def search(text: str) -> tuple[Offence, ...]:
    """The offences whose code, name or usual words hold every word of `text`, in code order."""
    words = text.lower().split()
    return tuple(
        offence
        for offence in OFFENCES
        if all(word in f"{offence.code} {offence.name} {offence.words}".lower() for word in words)
    )
