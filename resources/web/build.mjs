// Builds the map page's assets into dist/: no network, no version stamp, the same bytes each time.
import { build, transform } from "esbuild";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const OUT = "dist";
const MODULES = "node_modules";
const TARGET = ["chrome120", "firefox121", "safari16"];

// Leaflet and protomaps-leaflet are loaded by the page before map.js and live on the window.
const WINDOW_GLOBALS = { leaflet: "L", "protomaps-leaflet": "protomapsL" };
const windowGlobals = {
  name: "window-globals",
  setup(plugin) {
    plugin.onResolve({ filter: /^(leaflet|protomaps-leaflet)$/ }, ({ path }) => ({ path, namespace: "window" }));
    plugin.onLoad({ filter: /.*/, namespace: "window" }, ({ path }) => ({
      contents: `module.exports = window[${JSON.stringify(WINDOW_GLOBALS[path])}];`,
      loader: "js",
    }));
  },
};

async function vendored(from, to) {
  const source = await readFile(join(MODULES, from), "utf8");
  const { code } = await transform(source, {
    loader: to.endsWith(".css") ? "css" : "js",
    minify: true,
    legalComments: "inline",
    target: TARGET,
  });
  await writeFile(join(OUT, to), code);
}

async function licences() {
  const parts = [];
  const { packages } = JSON.parse(await readFile("package-lock.json", "utf8"));
  for (const [path, entry] of Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (path === "" || entry.dev || entry.optional || path.includes("/@types/")) continue;
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const files = (await readdir(path)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(path, file), "utf8")));
    const words = texts.map((text) => text.trim()).join("\n\n") || `Licence: ${entry.license ?? "see the package"}`;
    parts.push(`${name} ${entry.version} (${entry.license ?? "see below"})\n${"-".repeat(72)}\n${words}\n`);
  }
  return `What the map page is made of, beside Porchlight's own script.\n\n${parts.join("\n\n")}`;
}

await rm(OUT, { recursive: true, force: true });
await mkdir(join(OUT, "images"), { recursive: true });
await vendored("leaflet/dist/leaflet-src.js", "leaflet.js");
await vendored("leaflet/dist/leaflet.css", "leaflet.css");
await cp(join(MODULES, "leaflet/dist/images"), join(OUT, "images"), { recursive: true });
await vendored("@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.js", "geoman.js");
await vendored("@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css", "geoman.css");
await vendored("protomaps-leaflet/dist/protomaps-leaflet.js", "protomaps-leaflet.js");
for (const part of ["latin", "latin-ext"]) {
  const file = `inter-${part}-wght-normal.woff2`;
  await cp(join(MODULES, "@fontsource-variable/inter/files", file), join(OUT, file));
}
await build({
  entryPoints: { map: "src/map.ts" },
  outdir: OUT,
  bundle: true,
  format: "iife",
  globalName: "porchlight",
  minify: true,
  target: TARGET,
  plugins: [windowGlobals],
});
// The worker has no window: what it needs goes into it.
await build({
  entryPoints: { worker: "src/worker.ts" },
  outdir: OUT,
  bundle: true,
  format: "iife",
  minify: true,
  target: TARGET,
});
await build({
  entryPoints: { map: "src/map.css" },
  outdir: OUT,
  bundle: true,
  minify: true,
  target: TARGET,
  external: ["*.woff2"],
});
await writeFile(join(OUT, "LICENCES.txt"), await licences());
