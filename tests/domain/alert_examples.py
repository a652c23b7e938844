"""Published messages for tests: with any words at all, any area, any times that a message can have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from console.domain.alerts import AlertKind, AlertMessage, Certainty, Level, MessageKind, MessageReference, Urgency
from console.domain.places import Geometry
from tests.hostile import hostile_texts

SENT = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
SQUARE: Geometry = {
    "type": "Polygon",
    "coordinates": [[[-87.7, 41.8], [-87.6, 41.8], [-87.6, 41.9], [-87.7, 41.9], [-87.7, 41.8]]],
}
TWO: Geometry = {
    "type": "MultiPolygon",
    "coordinates": [SQUARE["coordinates"], [[[-87.5, 41.8], [-87.4, 41.8], [-87.4, 41.9], [-87.5, 41.8]]]],
}
LEFT_OVER: Geometry = {
    "type": "GeometryCollection",
    "geometries": [SQUARE, {"type": "LineString", "coordinates": [[-87.6, 41.8], [-87.5, 41.8]]}],
}
HOSTILE = [hostile.text for hostile in hostile_texts(300)]
WORDS = st.sampled_from(HOSTILE) | st.text(max_size=60)
REFERENCES = st.lists(
    st.builds(
        MessageReference,
        st.just("ZZ0000001@lakeside.example.org"),
        st.integers(1, 9).map(lambda n: f"porchlight-ZZ0000001-PL-{n}"),
        st.integers(0, 9).map(lambda n: SENT - timedelta(hours=n)),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda r: r.identifier,
).map(tuple)


@st.composite
def messages(draw: st.DrawFn, words: st.SearchStrategy[str] = WORDS) -> AlertMessage:
    """A message as publishing makes them: it ends after it was sent, begins at any time."""
    kind = draw(st.sampled_from(MessageKind))
    has_spanish = draw(st.booleans())
    ends = SENT + draw(st.timedeltas(timedelta(microseconds=1), timedelta(days=30)))
    if kind is MessageKind.CANCEL:
        begins = SENT + draw(st.timedeltas(timedelta(days=-40), timedelta(days=40)))
    else:
        begins = draw(st.just(SENT) | st.datetimes(datetime(2026, 5, 10), ends.replace(tzinfo=None)).map(_utc))
    return AlertMessage(
        identifier="porchlight-ZZ0000001-PL-0",
        sender="ZZ0000001@lakeside.example.org",
        sent=SENT,
        message=kind,
        references=() if kind is MessageKind.ALERT else draw(REFERENCES),
        alert="a1",
        record="a1",
        agency=draw(st.sampled_from(["ZZ0000001", "IL0160000"])),
        agency_name=draw(words),
        author=draw(words),
        kind=draw(st.sampled_from(AlertKind)),
        level=draw(st.sampled_from(Level)),
        urgency=draw(st.sampled_from(Urgency)),
        certainty=draw(st.sampled_from(Certainty)),
        title=draw(words).strip(),
        text=draw(words).strip(),
        title_es=draw(words).strip() if has_spanish else "",
        text_es=draw(words).strip() if has_spanish else "",
        place_name=draw(words),
        outline=draw(st.sampled_from([SQUARE, TWO, LEFT_OVER, {}])),
        begins=begins,
        ends=ends,
    )


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)
