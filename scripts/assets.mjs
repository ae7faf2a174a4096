// Builds target/site: the static files that the server sends to browsers.
//
// portal.js and portal.wasm (from scripts/build-frontend), style/portal.css with all its imports,
// and everything in public/. Each file is named after its content (portal.3f2a91c0de.css), so that
// browsers may cache it forever, and has compressed variants .br and .gz if these are smaller.
// assets.json maps the plain names to the hashed ones.
//
// A running server never sees an incomplete site: new files are written first, then assets.json is renamed
// into place, then obsolete files are deleted. The same input gives the same bytes and leaves files untouched.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { bundle } from 'lightningcss'

process.chdir(join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..'))
const browser = 'target/browser'
const site = 'target/site'

// Browsers of the last two years. All of them support light-dark() and nesting, so these stay as written,
// and the theme chosen on the page still decides.
const version = (major, minor = 0) => (major << 16) | (minor << 8)
const targets = {
  chrome: version(130), edge: version(130), firefox: version(132), safari: version(18, 1), ios_saf: version(18, 1),
}

const files = new Map() // path in the site → content
const names = {} // plain name → hashed name

function add(name, content) {
  content = Buffer.from(content)
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10)
  const hashed = name.replace(/(\.[^./]+)?$/, (extension) => `.${hash}${extension}`)
  names[name] = hashed
  files.set(hashed, content)
  const brotli = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  })
  const gzip = gzipSync(content, { level: 9 })
  if (brotli.length < content.length) files.set(`${hashed}.br`, brotli)
  if (gzip.length < content.length) files.set(`${hashed}.gz`, gzip)
  return hashed
}

function filesIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .sort()
}

for (const name of filesIn('public')) add(name, readFileSync(join('public', name)))

// Styles. A url() may name a file of public/ by its plain name.
const style = bundle({ filename: 'style/portal.css', minify: true, targets, analyzeDependencies: true })
let css = style.code.toString()
for (const { type, url, placeholder } of style.dependencies ?? []) {
  if (type !== 'url') throw new Error(`style: ${type} of ${url} is not supported`)
  if (!url.startsWith('data:') && !url.startsWith('#') && !names[url]) throw new Error(`style: public/ has no ${url}`)
  css = css.replaceAll(placeholder, names[url] ?? url)
}
add('portal.css', css)

// The script loads exactly the wasm file it was built with.
if (!existsSync(join(browser, 'portal.wasm'))) throw new Error(`${browser}/portal.wasm is missing: run scripts/build-frontend`)
const wasm = add('portal.wasm', readFileSync(join(browser, 'portal.wasm')))
const script = buildSync({
  entryPoints: [join(browser, 'portal.js')], bundle: true, format: 'esm', minify: true, target: 'es2022',
  legalComments: 'none', write: false, logLevel: 'error',
}).outputFiles[0].text
if (!script.includes('portal_bg.wasm')) throw new Error('portal.js no longer names portal_bg.wasm')
add('portal.js', script.replaceAll('portal_bg.wasm', wasm))

// Move the files into place.
const sorted = Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)))
files.set('assets.json', Buffer.from(`${JSON.stringify(sorted, null, 2)}\n`))
for (const [name, content] of files) {
  const path = join(site, name)
  if (existsSync(path) && readFileSync(path).equals(content)) continue
  mkdirSync(dirname(path), { recursive: true })
  const unfinished = join(dirname(path), `.${basename(path)}.unfinished`)
  writeFileSync(unfinished, content)
  renameSync(unfinished, path) // assets.json is the last of them
}
for (const name of filesIn(site)) if (!files.has(name)) rmSync(join(site, name))

// The files a browser has to fetch.
const size = (name) => files.get(name)?.length
const row = (...cells) => console.log(cells.map((cell, i) => (i ? String(cell).padStart(9) : cell.padEnd(24))).join(''))
row('bytes', 'raw', 'gz', 'br')
for (const [name, hashed] of Object.entries(sorted)) {
  row(name, size(hashed), size(`${hashed}.gz`) ?? '-', size(`${hashed}.br`) ?? '-')
}
const fetched = ['portal.js', 'portal.wasm'].map((name) => names[name])
row('script and wasm', ...['', '.gz', '.br'].map((twin) => fetched.reduce((sum, name) => sum + size(name + twin), 0)))
