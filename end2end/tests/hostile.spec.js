// Hostile sites in a real browser, under real names (security A05, A07, A08, ASVS 3.5.1, 3.4.6): one on a
// foreign domain, and one on a sibling subdomain, which receives the shared cookie and whose requests also
// carry the companion. They try every route that changes something, with the cookies of a person who is
// logged in, and nothing happens.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { Front } from '../front.js'
import { expect, password, test } from '../portal.js'

const host = 'portal.example.org'
const hostile = ['evil.test', 'sib.example.org']
const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..')
const text = (folder) =>
  readdirSync(join(root, folder)).filter((name) => name.endsWith('.rs')).map((name) => readFileSync(join(root, folder, name), 'utf8')).join('\n')

// Every route, read from the sources, so that new ones are attacked too.
const api = (method) =>
  [...text('server/src/api').matchAll(new RegExp(`\\.route\\(\\s*"(/[^"]+)",\\s*${method}\\(`, 'g'))].map(([, path]) => path)
const forms = [...(text('app/src/pages') + text('app/src/components')).matchAll(/endpoint = "([a-z-]+)"/g)].map(([, name]) => `/do/${name}`)
const filled = (path) => path.replace(/\{[^}]+\}/g, '1')
const changing = [...api('post'), ...forms].map(filled)
const reading = [...api('get'), '/', '/login', '/account', '/account/security'].map(filled)

// Fields that would make a login or a change succeed.
const fields = (person) => ({
  identifier: person, username: 'mallory', password, new_password: 'a heron waits by green water', platform: 'discord',
  platform_user_id: '666', who: '666', code: 'Vy8nFKq2', token: 'x', email: 'mallory@evil.test', display: 'Mallory',
  level: '3', reason: 'x', twofa_token: '123456', name: 'a hostile bot',
})

let browser, front
test.skip(({ engine, javaScriptEnabled }) => engine !== 'sqlite' || !javaScriptEnabled, 'attackers have JavaScript, and reach no database')

test.beforeEach(async ({ portal }, { project }) => {
  await portal.stop()
  Object.assign(portal.settings, {
    PORTAL_BASE_URL: `https://${host}`,
    PORTAL_COOKIE_DOMAIN: 'example.org',
    PORTAL_ALLOWED_ORIGINS: 'https://wiki.example.org',
    PORTAL_TRUSTED_PROXIES: '127.0.0.1',
  })
  await portal.serve()
  front = new Front()
  const page = '<!DOCTYPE html><title>Win a prize</title><h1>Win a prize</h1>'
  await front.start({ folder: portal.folder, portal: portal.url, host, pages: Object.fromEntries(hostile.map((name) => [name, page])) })
  const { executablePath, args } = project.use.launchOptions
  const rules = ['*.example.org', 'evil.test'].map((name) => `MAP ${name} 127.0.0.1:${front.port}`)
  browser = await chromium.launch({ executablePath, args: [...args, `--host-resolver-rules=${rules}`] })
})

test.afterEach(async () => {
  await browser?.close()
  front?.stop()
})

async function loggedIn() {
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const page = await context.newPage()
  await page.goto(`https://${host}/login`)
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page).toHaveURL(`https://${host}/account`)
  return { context, page }
}

// The audit log.
const written = (portal) => portal.lines(['audit', 'export'])

// Through the browser, because only it resolves these names.
async function whoIsIn(context) {
  const tab = await context.newPage()
  const answer = await tab.goto(`https://${host}/v1/users/me`)
  const said = await answer.json()
  await tab.close()
  return said
}

// Attacks from the hostile page: each route as a form (top-level and in a frame), as a fetch of every kind
// that needs no preflight, and as JSON, which needs one.
async function attack(page, origin, paths, body) {
  await page.goto(`https://${origin}/`)
  await page.evaluate(
    async ({ paths, body, base }) => {
      const form = (path, target, encoding) => {
        const element = document.createElement('form')
        Object.assign(element, { method: 'post', action: base + path, target, enctype: encoding })
        for (const [name, value] of Object.entries(body)) element.append(Object.assign(document.createElement('input'), { name, value }))
        document.body.append(element)
        return element
      }
      for (const path of paths) {
        const frame = Object.assign(document.createElement('iframe'), { name: 'hidden' })
        document.body.append(frame)
        const loaded = new Promise((done) => (frame.onload = done))
        form(path, 'hidden', 'application/x-www-form-urlencoded').submit()
        await Promise.race([loaded, new Promise((done) => setTimeout(done, 2000))])
        frame.remove()
        const json = JSON.stringify(body)
        for (const [mode, type, content] of [
          ['no-cors', 'text/plain', json],
          ['no-cors', 'application/x-www-form-urlencoded', new URLSearchParams(body)],
          ['cors', 'text/plain', json],
          ['cors', 'application/json', json],
        ]) {
          const sent = fetch(base + path, { method: 'POST', mode, credentials: 'include', headers: { 'content-type': type }, body: content })
          await sent.then((answer) => answer.text()).catch(() => {})
        }
        navigator.sendBeacon(base + path, json)
      }
    },
    { paths, body, base: `https://${host}` },
  )
  // And as top-level navigation, which carries cookies where frames might not.
  for (const path of paths) {
    await page.goto(`https://${origin}/`)
    await Promise.all([
      page.waitForURL((url) => url.host === host, { waitUntil: 'commit' }),
      page.evaluate(({ action, body }) => {
        const element = Object.assign(document.createElement('form'), { method: 'post', action })
        for (const [name, value] of Object.entries(body)) element.append(Object.assign(document.createElement('input'), { name, value }))
        document.body.append(element)
        element.submit()
      }, { action: `https://${host}${path}`, body }),
    ])
  }
}

// Only the hostile site runs scripts, so one setting of JavaScript is enough.
test('a05 nothing that a hostile site sends with somebody\'s cookies is done', { tag: '@islands' }, async ({ portal }) => {
  test.setTimeout(600_000)
  portal.createOwner('alice')
  const { context, page } = await loggedIn()
  expect(changing.length).toBeGreaterThan(30)
  const me = async () => {
    const { last_activity_at, updated_at, ...rest } = await whoIsIn(context)
    return rest
  }
  const before = { me: await me(), audit: written(portal), cookies: await context.cookies(`https://${host}`) }
  let succeeded = 0
  let tried = 0
  for (const origin of hostile) {
    front.answers.length = 0
    await attack(page, origin, changing, fields('alice'))
    const sent = front.answers.filter(({ method }) => method === 'POST')
    // Every route was reached, by forms and scripts, with at least the shared cookie.
    for (const path of changing) expect(sent.filter((one) => one.path === path).length).toBeGreaterThanOrEqual(4)
    expect(sent.some(({ cookies }) => cookies.includes('hsession='))).toBe(true)
    if (origin === 'sib.example.org') expect(sent.some(({ cookies }) => cookies.includes('__Host-hsession_act='))).toBe(true)
    for (const { path, status, given } of sent) {
      // Bot routes require a key, which browsers don't have.
      const expected = /^\/v1\/(bot|authentication\/bot)\//.test(path) ? 401 : 403
      expect(`${origin} ${path} ${status} ${given}`).toBe(`${origin} ${path} ${expected} `)
    }
    tried += sent.length
    succeeded += sent.filter(({ status }) => status < 400).length

    // Routes that only read change nothing either, including a logout by GET.
    await page.goto(`https://${origin}/`)
    await page.evaluate(async (urls) => {
      for (const url of urls) await fetch(url, { mode: 'no-cors', credentials: 'include' }).catch(() => {})
    }, reading.filter((path) => !path.endsWith('/events')).map((path) => `https://${host}${path}`))
  }
  expect(await me()).toEqual(before.me)
  expect(written(portal)).toEqual(before.audit)
  expect(await context.cookies(`https://${host}`)).toEqual(before.cookies)
  console.log(`${tried} hostile requests on ${changing.length} routes, ${succeeded} succeeded`)
  expect(succeeded).toBe(0)
})

test('a08 no hostile site logs a browser in, as the attacker or as anybody', async ({ portal }) => {
  portal.createOwner('mallory')
  const logins = changing.filter((path) => /sign-in|second-step|use-code|set-up|register|\/api\/auth\/login|verify/.test(path))
  expect(logins.length).toBeGreaterThan(5)
  for (const origin of hostile) {
    const context = await browser.newContext({ ignoreHTTPSErrors: true })
    const page = await context.newPage()
    await attack(page, origin, logins, fields('mallory'))
    const names = (await context.cookies()).map(({ name }) => name)
    expect(names.filter((name) => name.includes('hsession'))).toEqual([])
    await context.close()
  }
})

test('asvs 3.4.6 no site shows a page of ours in a frame', async ({ portal }) => {
  portal.createOwner('alice')
  const { page } = await loggedIn()
  for (const origin of hostile) {
    await page.goto(`https://${origin}/`)
    await page.evaluate(async (urls) => {
      for (const src of urls) {
        const frame = Object.assign(document.createElement('iframe'), { src })
        const loaded = new Promise((done) => (frame.onload = done))
        document.body.append(frame)
        await loaded
      }
    }, [`https://${host}/account`, `https://${host}/login`])
    const frames = page.frames().filter((frame) => frame !== page.mainFrame())
    expect(frames.map((frame) => frame.url())).toEqual(['chrome-error://chromewebdata/', 'chrome-error://chromewebdata/'])
  }
})

test('a07 cookies that a sister subdomain plants change nothing', async ({ portal }) => {
  portal.createOwner('alice')
  portal.createOwner('mallory')
  const { context, page } = await loggedIn()
  const other = await browser.newContext({ ignoreHTTPSErrors: true })
  const login = await other.newPage()
  await login.goto(`https://${host}/login`)
  const status = await login.evaluate(async (body) => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch('/api/auth/login', { method: 'POST', headers, body: JSON.stringify(body) })).status
  }, { identifier: 'mallory', password })
  expect(status).toBe(200)
  const planted = (await other.cookies()).find(({ name }) => name === 'hsession').value
  await page.goto('https://sib.example.org/')
  await page.evaluate((value) => {
    for (const path of ['/', '/account', '/v1']) document.cookie = `hsession=${value}; domain=example.org; path=${path}; secure`
    // Browsers reject a __Host- cookie with a domain.
    document.cookie = `__Host-hsession_act=${value}; domain=example.org; path=/; secure`
  }, planted)
  expect((await context.cookies(`https://${host}/v1/users/me`)).filter(({ name }) => name === 'hsession').length).toBeGreaterThan(1)
  expect((await whoIsIn(context)).username).toBe('alice')
  await page.goto(`https://${host}/account`)
  await expect(page.getByRole('heading', { name: 'alice' })).toBeVisible()

  // Until no request fits any more: then Portal tells the browser to delete them all.
  await page.goto('https://sib.example.org/')
  await page.evaluate(() => {
    for (let n = 0; n < 40; n++) document.cookie = `bomb${n}=${'x'.repeat(3900)}; domain=example.org; path=/; secure`
  })
  const bombed = await page.goto(`https://${host}/login`)
  expect(bombed.status()).toBe(431)
  await expect(page.getByText('so we cleared them')).toBeVisible()
  expect((await page.goto(`https://${host}/login`)).status()).toBe(200)
})
