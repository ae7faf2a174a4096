// A Portal server for each test, the real binary on a fresh database, and helpers for the tests.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import axe from 'axe-core'
import { test as base, expect } from '@playwright/test'
import { ExampleBot } from './example-bot.js'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const binary = join(root, process.env.PORTAL_BINARY ?? 'target/debug/portal')

export const password = 'ninety otters ride a tandem'
export { expect }

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

// A new database: a file, or one in the cluster started by scripts/with-postgres.
function newDatabase(engine, folder) {
  if (engine === 'sqlite') return `sqlite:${join(folder, 'portal.db')}`
  const cluster = process.env.PORTAL_TEST_POSTGRES
  if (!cluster) throw new Error('PORTAL_TEST_POSTGRES is not set: run `make test`')
  const name = `portal_browser_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  const made = spawnSync('psql', [cluster, '-qc', `create database ${name}`], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(made.stderr)
  return cluster.replace(/\/[^/]*$/, `/${name}`)
}

// Parses an email: recipient, subject, plain text, its first link, and its code of six digits.
function readLetter(raw) {
  const [head, ...parts] = raw.split(/\r\n--[^\r]+\r\n/)
  const header = (name) => head.replace(/\r\n /g, ' ').match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1].trim()
  const part = parts.find((part) => part.startsWith('Content-Type: text/plain') || /\nContent-Type: text\/plain/.test(part)) ?? ''
  const [partHead, ...body] = part.split('\r\n\r\n')
  const encoded = body.join('\r\n\r\n')
  const text = /base64/.test(partHead)
    ? Buffer.from(encoded, 'base64').toString('utf8')
    : encoded.replace(/=\r\n/g, '').replace(/(?:=[0-9A-F]{2})+/g, (bytes) => decodeURIComponent(bytes.replaceAll('=', '%')))
  return { to: header('To'), subject: header('Subject'), text, link: text.match(/https?:\/\/\S+/)?.[0], code: text.match(/^ +(\d{6})$/m)?.[1] }
}

export class Portal {
  bots = []
  opened = new Set() // file names of emails that were read
  networks = 0

  async start(engine, settings = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'portal-browser-'))
    const port = await freePort()
    this.settings = {
      ...process.env,
      DATABASE_URL: newDatabase(engine, this.folder),
      PORTAL_SECRET_FILE: join(this.folder, 'portal.secret'),
      PORTAL_ADDR: `127.0.0.1:${port}`,
      PORTAL_LOG: 'warn',
      PORTAL_MAIL_DIR: join(this.folder, 'mail'),
      // Tests are faster than people.
      PORTAL_LOGIN_LIMIT: '0',
      PORTAL_PUBLIC_LIMIT: '0',
      PORTAL_OWN_LIMIT: '0',
      PORTAL_ADMIN_LIMIT: '0',
      // Lets people come from several networks.
      PORTAL_TRUSTED_PROXIES: '127.0.0.1,::1',
      ...settings,
    }
    this.url = `http://localhost:${port}`
    await this.serve()
  }

  async serve() {
    this.process = spawn(binary, ['--json', 'serve'], { env: this.settings, stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(createInterface(this.process.stdout), 'line')
    this.setUpLink = JSON.parse(line).set_up_link
  }

  run(args, input = '') {
    const done = spawnSync(binary, ['--json', ...args], { env: this.settings, input, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr)
    return JSON.parse(done.stdout)
  }

  // The output lines of a command.
  lines(args) {
    const done = spawnSync(binary, args, { env: this.settings, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr)
    return done.stdout.trim().split('\n')
  }

  // The next email to this address whose subject has this prefix, and that no test has read yet.
  async mailTo(address, subject) {
    const folder = this.settings.PORTAL_MAIL_DIR
    const isNext = (letter) => letter.to === address && letter.subject.startsWith(subject)
    for (let tries = 0; tries < 100; tries++) {
      const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : []
      for (const name of files.sort().filter((name) => !this.opened.has(name))) {
        const letter = readLetter(readFileSync(join(folder, name), 'utf8'))
        if (!isNext(letter)) continue
        this.opened.add(name)
        return letter
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`no letter "${subject}" to ${address}`)
  }

  createOwner(username) {
    return this.run(['owner', 'create', '--username', username], `${password}\n`)
  }

  // Creates a person with the common password, in a network of their own (rate limits are per network).
  // Returns the account ID.
  async createPerson(username, { level = 'user', ...fields } = {}) {
    this.networks += 1
    const answer = await fetch(`${this.url}/api/auth/register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': `203.0.${100 + (this.networks >> 8)}.${this.networks & 255}` },
      body: JSON.stringify({ username, password, email: `${username}@example.org`, ...fields }),
    })
    if (!answer.ok) throw new Error(await answer.text())
    if (level !== 'user') this.run(['user', 'set-level', username, level])
    return (await answer.json()).data.user.id
  }

  // Registers a bot for this platform and starts its program.
  async registerBot(platform) {
    this.createOwner(`keeper.${platform}`)
    const name = `Hansel ${platform}`
    const { api_key } = this.run(['bot', 'register', '--name', name, '--platform', platform, '--owner', `keeper.${platform}`])
    const bot = new ExampleBot({ url: this.url, key: api_key, platform, name })
    this.bots.push(bot)
    await bot.start()
    return bot
  }

  async stop() {
    this.process.kill('SIGTERM')
    await once(this.process, 'exit')
  }

  async remove() {
    await Promise.all(this.bots.map((bot) => bot.stop()))
    if (this.process.exitCode === null) await this.stop()
    rmSync(this.folder, { recursive: true })
  }
}

export const test = base.extend({
  engine: ['sqlite', { option: true }],
  // Settings that differ from the defaults.
  settings: [{}, { option: true }],

  portal: async ({ engine, settings }, use) => {
    const portal = new Portal()
    await portal.start(engine, settings)
    await use(portal)
    await portal.remove()
  },

  baseURL: async ({ portal }, use) => use(portal.url),

  // A page must not violate its content security policy or log an error.
  page: async ({ page }, use) => {
    const complaints = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    await use(page)
    // Statuses that a test expects, and Chromium's message about a page transition that the next
    // click interrupted, which people never see.
    const expected = /status of (403|404|410|503)|^\w+: Transition was (aborted|skipped)/
    const unexpected = complaints.filter((text) => !expected.test(text))
    expect(unexpected).toEqual([])
  },
})

export async function logIn(page, username, typed = password) {
  await page.goto('/login')
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(typed)
  await page.getByRole('button', { name: 'Log in' }).click()
}

// The islands are hydrated once their button is visible.
export async function awake(page) {
  await page.getByRole('button', { name: 'Show password' }).first().waitFor()
}

export async function logOut(page) {
  await page.getByRole('button', { name: 'Log out', exact: true }).click()
  await expect(page.getByRole('status').first()).toHaveText("You're logged out.")
}

// A page on another machine: no cookies, no session.
export async function elsewhere(browser, portal, options = {}) {
  const context = await browser.newContext({ baseURL: portal.url, ...options })
  return context.newPage()
}

// The page doesn't scroll sideways on a small phone.
export async function expectFitsSmallPhone(page) {
  const size = page.viewportSize()
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(320)
  await page.setViewportSize(size)
}

// Checks for WCAG A and AA violations in both colour schemes. The check runs on a copy of the document without
// scripts, so running it once, with JavaScript on, is enough. The dark scheme runs only the rules about colours.
export async function expectAccessible(page) {
  if (!base.info().project.use.javaScriptEnabled) return
  const context = await page.context().browser().newContext({ javaScriptEnabled: true, viewport: page.viewportSize() })
  const html = (await page.content()).replace(/<script[\s\S]*?<\/script>/g, '')
  const copy = await context.newPage()
  await copy.route(page.url(), (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await copy.goto(page.url())
  await copy.evaluate(axe.source)
  for (const [colorScheme, runOnly] of [
    ['light', { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }],
    ['dark', { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }],
  ]) {
    await copy.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const found = await copy.evaluate(async (runOnly) => {
      const { violations, passes } = await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] })
      return { violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`), passes: passes.length }
    }, runOnly)
    expect(found.passes).toBeGreaterThan(colorScheme === 'light' ? 10 : 0)
    expect(found.violations.map((violation) => `${colorScheme}: ${violation}`)).toEqual([])
  }
  await context.close()
}
