"""The words of alerts in Spanish, where readers meet them: names of the kinds. Words only here."""

from __future__ import annotations

from console.domain.alerts import AlertKind

KINDS_ES: dict[AlertKind, str] = {
    AlertKind.CRIME: "Delito",
    AlertKind.SAFETY: "Seguridad pública",
    AlertKind.MISSING_PERSON: "Persona desaparecida",
    AlertKind.COMMUNITY: "Comunidad",
    AlertKind.MOMENT: "Momento entre vecinos",
}
AREA_ES = "La zona en el mapa"
"""What an area is called that nobody has named."""
