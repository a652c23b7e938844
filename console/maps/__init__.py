"""A map as a document: folium with local assets. No Qt, no network."""
