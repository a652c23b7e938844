// Untrusted text on the page: cut to a length, and only ever as text.

export function textOf(value: unknown, limit = 300): string {
  if (typeof value !== "string" && typeof value !== "number") return "";
  const text = String(value);
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

export function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
