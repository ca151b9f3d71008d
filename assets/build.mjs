// Builds what is vendored into app/static/vendor, or with --check compares it with what is committed.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const here = new URL(".", import.meta.url);
const vendor = new URL("../app/static/vendor/", here);
const ENTRIES = { editor: "editor/index.js" };

async function bundle() {
  return build({
    absWorkingDir: here.pathname,
    entryPoints: ENTRIES,
    outdir: "out",
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome109", "firefox115", "safari16"],
    charset: "utf8",
    legalComments: "none", // the notices stand in a file of their own
    metafile: true,
  });
}

function packagesIn(metafile) {
  const found = Object.keys(metafile.inputs)
    .map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
    .filter(Boolean);
  return [...new Set(found)].sort();
}

async function notice(name) {
  const folder = new URL(`node_modules/${name}/`, here);
  const about = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const licence = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  if (!licence) throw new Error(`${name} ships no licence text`);
  const text = (await readFile(new URL(licence, folder), "utf8")).trim();
  return `${name} ${about.version} (${about.license})\n\n${text}\n`;
}

async function made() {
  const { outputFiles, metafile } = await bundle();
  const files = new Map(outputFiles.map((file) => [file.path.split("/").at(-1), file.contents]));
  const notices = await Promise.all(packagesIn(metafile).map(notice));
  const rule = `\n${"-".repeat(72)}\n\n`;
  const head = "Chainrule's pages use the following software, bundled into this folder.\n";
  files.set("THIRD-PARTY.txt", Buffer.from([head, ...notices].join(rule)));
  const sums = [...files].map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`);
  files.set("SHA256SUMS", Buffer.from(sums.sort().join("")));
  return files;
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

async function differing(files) {
  const same = async ([name, bytes]) =>
    Buffer.from(bytes).equals(await readFile(new URL(name, vendor)).catch(() => Buffer.alloc(0)));
  const equal = await Promise.all([...files].map(same));
  return [...files.keys()].filter((_, index) => !equal[index]);
}

const files = await made();
if (process.argv.includes("--check")) {
  const stale = await differing(files);
  if (stale.length) {
    console.error(`Not what assets/ builds: ${stale.join(", ")}. Run \`make assets\` and commit.`);
    process.exit(1);
  }
  console.log(`app/static/vendor is what assets/ builds (${[...files.keys()].join(", ")}).`);
} else {
  await mkdir(vendor, { recursive: true });
  for (const [name, bytes] of files) await writeFile(new URL(name, vendor), bytes);
  console.log(`Built ${[...files.keys()].join(", ")}.`);
}
