"""Between a shape on the map and a drawing that the domain judges: the same figures under two names."""

from __future__ import annotations

from console.domain import areas
from console.domain.places import Point
from console.maps import messages


def as_drawing(shape: messages.Circle | messages.Polygon) -> areas.Circle | areas.Polygon:
    """What was drawn on the map, as a drawing."""
    if isinstance(shape, messages.Circle):
        return areas.Circle(Point(lat=shape.lat, lon=shape.lon), shape.radius_m)
    return areas.Polygon(shape.ring)


def as_shape(drawing: areas.Circle | areas.Polygon) -> messages.Circle | messages.Polygon:
    """A drawing, to be put on the map."""
    if isinstance(drawing, areas.Circle):
        centre = drawing.centre
        return messages.Circle(lat=centre.lat, lon=centre.lon, radius_m=drawing.radius_m)
    return messages.Polygon(ring=drawing.ring)
