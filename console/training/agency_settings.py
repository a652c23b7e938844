"""What the training agency keeps: assemblies on its calendar, templates of requests and replies, all invented."""

from __future__ import annotations

from console.domain.replies import Reply, ReplyId
from console.domain.templates import Template, TemplateId

# Name, days after this week's Monday, hours.
ASSEMBLIES = (
    ("Walk for the library", -2, 3),
    ("Vigil at the lakefront", 5, 2),
)
TEMPLATES = (
    Template(
        TemplateId("training-porch"),
        "Parcel taken from a porch",
        "23H",
        "Parcel taken near {place} on {date}",
        "A parcel was taken from a porch near {place} on {date} between {begins} and {ends}. Recordings of the street "
        "and the sidewalk may help us find it. Sharing is your choice.",
        60,
        60,
        300.0,
    ),
    Template(
        TemplateId("training-hit-and-run"),
        "Parked car hit, driver left",
        "290",
        "Parked car hit near {place}",
        "A parked car was hit near {place} on {date} between {begins} and {ends}, and the driver left. Recordings that "
        "show the street or a damaged vehicle may help us. Sharing is your choice.",
        30,
        30,
        350.0,
    ),
    Template(
        TemplateId("training-catalytic"),
        "Catalytic converter taken",
        "23G",
        "Catalytic converter taken near {place}",
        "A catalytic converter was cut from a parked car near {place} on {date} between {begins} and {ends}. "
        "Recordings of the street from that time may help us. Sharing is your choice.",
        120,
        60,
        300.0,
    ),
)
REPLIES = (
    Reply(
        ReplyId("training-report"),
        "Please make a report",
        "Thank you, {neighbor}. To let us look into this, please make a report: call {telephone} between {opens} and "
        "{closes}. If somebody is in danger, call 911.",
        "Gracias, {neighbor}. Para que podamos investigarlo, haga un reporte: llame al {telephone} entre las {opens} y "
        "las {closes}. Si alguien est\u00e1 en peligro, llame al 911.",
    ),
    Reply(
        ReplyId("training-seen"),
        "We have seen this",
        "Thank you for writing. {agency} has seen this and will look at it near {place}.",
        "Gracias por escribir. {agency} lo ha visto y lo revisar\u00e1 cerca de {place}.",
    ),
    Reply(
        ReplyId("training-found"),
        "Found property",
        "If this is yours, bring something that shows it to the station between {opens} and {closes}, or call "
        "{telephone}.",
    ),
)
