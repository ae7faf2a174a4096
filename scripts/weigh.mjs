// Measures the size of the login page as a browser fetches it, prints it, and fails above the budget:
//
//   node scripts/weigh.mjs [BINARY]
//
// at most 20 kB (HTML and CSS) until a person can log in, at most 80 kB with script, WebAssembly and icon.
// The server compresses static files at build time but never pages (a proxy may), so both variants are
// measured, pages at the quality that proxies use.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { brotliCompressSync, constants } from 'node:zlib'

const budget = { usable: 20_000, all: 80_000 }

process.chdir(join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..'))
const binary = process.argv[2] ?? 'target/debug/portal'

const socket = createServer().listen(0, '127.0.0.1')
await once(socket, 'listening')
const { port } = socket.address()
socket.close()
const folder = mkdtempSync(join(tmpdir(), 'portal-weight-'))
const settings = { PATH: process.env.PATH, DATABASE_URL: `sqlite:${join(folder, 'portal.db')}`, PORTAL_ADDR: `127.0.0.1:${port}`, PORTAL_LOG: 'warn' }
const portal = spawn(binary, ['--json', 'serve'], { env: settings, stdio: ['ignore', 'pipe', 'inherit'] })

async function fetched(path) {
  const request = get({ host: 'localhost', port, path, headers: { accept: 'text/html', 'accept-encoding': 'br' } })
  const [answer] = await once(request, 'response')
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`)
  const parts = []
  for await (const part of answer) parts.push(part)
  return Buffer.concat(parts)
}

try {
  await Promise.race([
    once(createInterface(portal.stdout), 'line'),
    once(portal, 'exit').then(() => { throw new Error('the portal did not start') }),
  ])
  const html = await fetched('/login')
  const brotli = brotliCompressSync(html, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
  const linked = [...new Set([...html.toString().matchAll(/\/assets\/[\w.-]+/g)].map(([path]) => path))]
  const sizes = {}
  for (const path of linked) sizes[path] = (await fetched(path)).length
  const styles = linked.filter((path) => path.endsWith('.css'))
  if (!styles.length || !linked.some((path) => path.endsWith('.wasm'))) throw new Error('the page links no style or no wasm')

  const sum = (paths) => paths.reduce((total, path) => total + sizes[path], 0)
  const row = (name, size) => console.log(`${name.padEnd(44)}${String(size).padStart(7)}`)
  row('/login, as the server sends it', html.length)
  row('/login, brotli', brotli.length)
  for (const path of linked) row(path.replace(/\.[0-9a-f]{10}(?=\.)/, ''), sizes[path])
  const figures = { usable: html.length + sum(styles), all: html.length + sum(linked) }
  row(`HTML and CSS (at most ${budget.usable})`, figures.usable)
  row('  with the page in brotli', brotli.length + sum(styles))
  row(`all of it (at most ${budget.all})`, figures.all)
  row('  with the page in brotli', brotli.length + sum(linked))
  const past = Object.keys(budget).filter((name) => figures[name] > budget[name])
  if (past.length) {
    console.error(`weigh: too heavy: ${past.join(', ')}`)
    process.exitCode = 1
  }
} finally {
  portal.kill()
  if (portal.exitCode === null && portal.signalCode === null) await once(portal, 'exit')
  rmSync(folder, { recursive: true, force: true })
}
