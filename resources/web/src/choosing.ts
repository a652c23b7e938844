// Choosing a mark on the map, by a click or by Enter and the space bar: Leaflet knows clicks only.
import type * as L from "leaflet";

export function onChosen(marker: L.Marker, chosen: () => void): void {
  marker.on("click", chosen);
  marker.on("keydown", ({ originalEvent }: L.LeafletKeyboardEvent) => {
    // Out of the many marks, back to the map itself.
    if (originalEvent.key === "Escape") marker.getElement()?.closest<HTMLElement>(".leaflet-container")?.focus();
    if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
    originalEvent.preventDefault();
    chosen();
  });
}
