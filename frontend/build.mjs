// Builds frontend/src into src/voronka/web/static/dist: content-hashed names and manifest.json that maps plain to hashed.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";
import { pngLogo, svgLogo } from "./logo.mjs";
import { sprite } from "./sprite.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const product = join(here, "../src/voronka");
const dist = join(product, "web/static/dist");
const fresh = join(here, `node_modules/.dist-${process.pid}`);
const names = {};

const hashed = (name, body) => {
  const dot = name.lastIndexOf(".");
  const digest = createHash("sha256").update(body).digest("hex").slice(0, 8).toUpperCase();
  const full = `${name.slice(0, dot)}-${digest}${name.slice(dot)}`;
  writeFileSync(join(fresh, full), body);
  names[name] = full;
  return full;
};

// Because of these two the browser would restyle all that lies inside whatever is hovered, and all that follows whatever is put in.
const COSTLY = [/[^{}]*:hover[^{}]*::file-selector-button\{[^}]*\}/g, /legend\+\*\{[^}]*\}/g];

// Tabler is 635 kB; only the rules our templates and scripts can meet are kept.
const purge = {
  name: "purge",
  setup(build) {
    build.onLoad({ filter: /tabler\.min\.css$/ }, async ({ path }) => {
      const [{ css }] = await new PurgeCSS().purge({
        content: [`${product}/web/**/*.html`, `${product}/**/*.py`, join(here, "src/**/*.js")],
        css: [path],
        safelist: { standard: ["html", "body", /^data-bs-theme/], deep: [/^form-select/] },
        variables: true,
        keyframes: true,
        fontFace: true,
      });
      return { contents: COSTLY.reduce((kept, rule) => kept.replace(rule, ""), css), loader: "css" };
    });
  },
};

// What we ship of others, with their terms.
const SHIPPED = ["@fontsource-variable/golos-text", "@tabler/core", "@tabler/icons", "htmx.org", "idiomorph", "sortablejs"];
const licenses = () =>
  SHIPPED.map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const own = join(folder, "LICENSE");
    const terms = existsSync(own) ? readFileSync(own, "utf8") : readFileSync(join(folder, "dist/css/tabler.css"), "utf8").match(/\/\*![\s\S]*?\*\//)[0];
    return `${name} ${version}, ${license}\n\n${terms.trim()}\n`;
  }).join(`\n${"─".repeat(72)}\n\n`);

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
mkdirSync(dirname(dist), { recursive: true });

const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: ["src/app.css", "src/app.js", "src/theme-boot.js"],
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome110", "firefox115", "safari16.4"],
  outdir: fresh,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  plugins: [purge],
  metafile: true,
  legalComments: "none",
});
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) names[basename(output.entryPoint)] = basename(path);
}

hashed("icons.svg", sprite(product, here));
const favicon = hashed("favicon.svg", svgLogo());
const png = Object.fromEntries([180, 192, 512].map((size) => [size, hashed(`logo-${size}.png`, pngLogo(size))]));
hashed(
  "manifest.webmanifest",
  JSON.stringify({
    name: "Воронка",
    short_name: "Воронка",
    lang: "ru",
    id: "/",
    start_url: "/",
    scope: "/",
    display: "standalone",
    shortcuts: [
      { name: "Мой день", url: "/day" },
      { name: "Сделки", url: "/board" },
    ],
    background_color: "#f4f4f1",
    theme_color: "#f4f4f1",
    icons: [
      { src: favicon, sizes: "any", type: "image/svg+xml" },
      { src: png[192], sizes: "192x192", type: "image/png", purpose: "any maskable" },
      { src: png[512], sizes: "512x512", type: "image/png", purpose: "any maskable" },
    ],
  }),
);
// The service worker keeps its plain name: it is served at /sw.js so that its scope is the whole site.
const files = ["app.css", "app.js", "theme-boot.js", "icons.svg", "favicon.svg"].map((name) => `/static/dist/${names[name]}`);
const shell = { name: createHash("sha256").update(files.join()).digest("hex").slice(0, 12), files };
const define = { SHELL: JSON.stringify(shell) };
await esbuild.build({ absWorkingDir: here, entryPoints: ["src/sw.js"], bundle: true, minify: true, format: "iife", define, outfile: join(fresh, "sw.js") });
writeFileSync(join(fresh, "licenses.txt"), licenses());
writeFileSync(join(fresh, "manifest.json"), JSON.stringify(names, null, 1));

// Pages opened before this build still ask for the files they were made with: those of the last hour stay.
const hourAgo = Date.now() - 3600e3;
for (const name of existsSync(dist) ? readdirSync(dist) : []) {
  const { mtimeMs, mtime, atime } = statSync(join(dist, name));
  if (mtimeMs < hourAgo || existsSync(join(fresh, name))) continue;
  cpSync(join(dist, name), join(fresh, name));
  utimesSync(join(fresh, name), atime, mtime);
}

// The new folder takes the place of the old one at once, so a running server never sees half a build.
for (const name of ["app.js", "app.css", "icons.svg"]) console.log(`${name} ${statSync(join(fresh, names[name])).size} bytes`);
const old = `${fresh}.old`;
for (let attempt = 0; ; attempt++) {
  try {
    renameSync(dist, old);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  try {
    renameSync(fresh, dist);
    break;
  } catch (error) {
    // another build came in between: it is as new as this one, so try once more over it
    if (attempt > 5) throw error;
    rmSync(old, { recursive: true, force: true });
  }
}
rmSync(old, { recursive: true, force: true });
