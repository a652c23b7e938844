"""GeoJSON as the map's layers take it."""

from __future__ import annotations

from typing import Any


def feature(feature_id: str, geometry: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature with its id among its properties."""
    return {"type": "Feature", "id": feature_id, "properties": {"id": feature_id, **properties}, "geometry": geometry}


def collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    """A FeatureCollection."""
    return {"type": "FeatureCollection", "features": features}
