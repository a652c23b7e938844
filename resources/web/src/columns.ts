// Many places as columns. The Python side is console/maps/points.py.
const MAGIC = 0x504c5031;

export interface Columns {
  lon: Float64Array;
  lat: Float64Array;
  kind: Uint8Array;
}

/** Reads what `Points.encode` wrote; throws RangeError where it is cut short or of another kind. */
export function readColumns(bytes: ArrayBuffer): Columns {
  const head = new DataView(bytes);
  if (bytes.byteLength < 8 || head.getUint32(0, true) !== MAGIC) throw new RangeError("these are no places");
  const count = head.getUint32(4, true);
  if (bytes.byteLength !== 8 + count * 17) throw new RangeError("places are missing");
  return {
    lon: new Float64Array(bytes, 8, count),
    lat: new Float64Array(bytes, 8 + count * 8, count),
    kind: new Uint8Array(bytes, 8 + count * 16, count),
  };
}

/** Reads bits in base64, lowest first; true for each row that is shown. Null means all rows. */
export function readMask(text: string | null): (row: number) => boolean {
  if (text === null) return () => true;
  const raw = atob(text);
  return (row) => ((raw.charCodeAt(row >> 3) >> (row & 7)) & 1) === 1;
}
