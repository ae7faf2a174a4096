// Rebuilds on every change and restarts the server; while a build fails, the last good server stays up.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { dirname, join } from 'node:path'

process.chdir(join(dirname(new URL(import.meta.url).pathname), '..'))
const watched = ['Cargo.toml', 'Cargo.lock', 'domain', 'backend', 'app', 'frontend', 'server', 'style', 'public']
const server = ['cargo', 'build', '-p', 'server', '--bin', 'portal']
process.env.CARGO_TARGET_DIR = 'target'

const changed = new Set() // the entries of `watched` with changes not built yet
let child // the running server
let wake = () => {}

async function run(command, ...args) {
  const [code] = await once(spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }), 'exit')
  return code === 0
}

// Build only what the change can affect.
async function build(tops) {
  const within = (...names) => tops.some((top) => names.includes(top))
  if (within('Cargo.toml', 'Cargo.lock', 'domain', 'frontend')) return (await run('scripts/build-frontend')) && run(...server)
  if (within('style', 'public') && !(await run('node', 'scripts/assets.mjs'))) return false
  return tops.every((top) => ['style', 'public'].includes(top)) || run(...server)
}

async function stop() {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const impatient = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(impatient)
}

for (const top of watched) {
  watch(top, { recursive: true }, () => {
    changed.add(top)
    wake()
  })
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop().then(() => process.exit()))

for (watched.forEach((top) => changed.add(top)); ; ) {
  if (!changed.size) await new Promise((resolve) => (wake = resolve))
  await new Promise((resolve) => setTimeout(resolve, 150)) // an editor saves in several steps
  const tops = [...changed]
  changed.clear()
  if (await build(tops)) {
    await stop()
    child = spawn('target/debug/portal', ['serve'], { stdio: 'inherit' })
    child.on('error', (error) => console.error(`dev: ${error.message}`))
  } else {
    console.error(`dev: the build failed; ${child ? 'the last good server stays up' : 'waiting for a change'}`)
  }
}
