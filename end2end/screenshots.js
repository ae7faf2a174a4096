// Screenshots of all pages, on phone and desktop, light and dark:
// node end2end/screenshots.js FOLDER [PART OF A NAME]
// node end2end/screenshots.js --docs [PART OF A NAME]: into docs/screenshots/all, which git ignores,
// and those of the main pages, which the documents show, into docs/screenshots.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { codeOf } from './authenticator.js'
import { drawBoard } from './design-board.js'
import { password, Portal } from './portal.js'

const forDocs = process.argv[2] === '--docs'
const docs = 'docs/screenshots'
const folder = forDocs ? join(docs, 'all') : process.argv[2]
const wanted = process.argv[3] ?? ''
const inDocs = [
  'login', 'login-request-asked', 'register', 'second-step-app', 'second-step-email-sent', 'account-linked', 'security-both',
  'admin-people', 'admin-person', 'admin-bot-new-key', 'admin-audit', 'design',
]
if (!folder) throw new Error('node end2end/screenshots.js FOLDER|--docs [PART OF A NAME]')
mkdirSync(folder, { recursive: true })
const portal = new Portal()
// Also after an error.
process.on('exit', () => portal.process?.kill())
// Each screenshot has a network of its own, so that rate limits don't show.
await portal.start('sqlite', { PORTAL_EMAIL_FACTOR: 'on' })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
})

const sizes = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: forDocs ? 1 : 2 },
}

async function submit(page, name, typed) {
  await page.getByLabel('Username').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(typed)
  await page.locator('form.form button[type=submit]').click()
}

async function logIn(page, username = 'mara.lind') {
  await page.goto('/login')
  await submit(page, username, password)
  await page.waitForURL(/account|step=/)
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click()
const notice = (page) => page.locator('.notice').first().waitFor()

// Logs in as the owner and opens an administration page.
const administer = (path) => async (page) => {
  await logIn(page)
  await page.goto(path)
}

const moderate = (path) => async (page) => {
  await logIn(page, 'tomasz.wilk')
  await page.goto(path)
}

// Creates and logs in a person with a verified address, for pages that a person reaches only once.
async function somebody(page, id, { confirmed = true } = {}) {
  const username = `zoe.berg.${id.slice(-2)}`
  await portal.createPerson(username)
  await logIn(page, username)
  const address = `${username}@example.org`
  if (confirmed) await confirmAddress(page, address)
  return address
}

async function confirmAddress(page, address) {
  await page.goto((await portal.mailTo(address, 'Confirm')).link)
  await press(page, 'Confirm this address')
  await notice(page)
}

async function switchOnApp(page, factor) {
  await page.goto('/account/security')
  await press(page, 'Set up an authenticator app')
  const key = await page.locator('p', { hasText: 'Key: ' }).getByRole('code').textContent()
  await page.getByLabel('6-digit code from the app').fill(codeOf(key))
  if (factor) await page.locator('#other').fill(factor)
  await press(page, 'Turn on')
  await notice(page)
}

async function sendCode(page, address, name = 'Send code') {
  await press(page, name)
  await notice(page)
  return (await portal.mailTo(address, 'Your code')).code
}

async function withCodesByMail(page, id) {
  const address = await somebody(page, id)
  await page.goto('/account/security')
  await press(page, 'Turn on email codes')
  await notice(page)
  return address
}

async function withBoth(page, id) {
  const address = await withCodesByMail(page, id)
  await switchOnApp(page, await sendCode(page, address))
  return address
}

async function toSecondStep(page, address, query = '') {
  await page.context().clearCookies()
  await logIn(page, address.split('@')[0])
  if (query) await page.goto(`/login?${query}`)
}

async function askForCode(page, id) {
  await page.goto('/login/request?platform=discord')
  await page.getByLabel('User ID or username').fill(id)
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await page.getByRole('heading', { name: 'Check your direct messages' }).waitFor()
}

async function typeCode(page, code, button = 'Log in') {
  await page.getByLabel('Code').fill(code)
  await page.getByRole('button', { name: button, exact: true }).click()
}

async function comeByCode(page, id) {
  await askForCode(page, id)
  await typeCode(page, (await bot.messageTo(id)).code)
  await page.waitForURL('**/account')
}

async function askToLink(page, id) {
  await logIn(page)
  await page.goto('/account?link=discord')
  await page.getByLabel('Your user ID there').fill(id)
  await page.getByRole('button', { name: 'Connect Discord' }).click()
  await page.getByLabel('Code').waitFor()
}

async function disown(page, link) {
  await page.goto(link)
  await page.getByRole('button', { name: "That wasn't me" }).click()
  await page.locator('.notice').waitFor()
}

let bot
const whileThereIsNoOwner = {
  'set-up': (page) => page.goto(portal.setUpLink),
  'set-up-refused': async (page) => {
    await page.goto(portal.setUpLink)
    await submit(page, '---', password)
  },
  'set-up-dead': (page) => page.goto('/setup?token=').then(() => page.goto('/setup')),
}

const withOneOwner = {
  'admin-people-one': administer('/admin'),
  'admin-bots-empty': administer('/admin/bots'),
}

const withAnOwner = {
  login: (page) => page.goto('/login'),
  'login-refused': async (page) => {
    await page.goto('/login')
    await submit(page, 'mara.lind', 'not the password')
  },
  'login-too-often': (page) => page.goto('/login?message=passwords&wait=180'),
  'not-found': (page) => page.goto('/nope'),

  register: (page) => page.goto('/register'),
  'register-refused': async (page) => {
    await page.goto('/register')
    await page.getByLabel('Username').fill('Mara.Lind')
    await page.getByLabel('Email').fill('mara@example.org')
    await page.getByLabel('Password', { exact: true }).fill('passwordpassword')
    await press(page, 'Create account')
    await page.locator('.field-error').first().waitFor()
  },
  registered: async (page, id) => {
    await page.goto('/register')
    await page.getByLabel('Username').fill(`new.${id.slice(-2)}`)
    await page.getByLabel('Email').fill('new@example.org')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await press(page, 'Create account')
    await notice(page)
  },

  recover: (page) => page.goto('/recover'),
  'recover-asked': async (page) => {
    await page.goto('/recover')
    await page.getByLabel('Username or email').fill('mara.lind')
    await page.keyboard.press('Enter')
    await notice(page)
  },
  'recover-new': async (page, id) => {
    const address = await somebody(page, id)
    await page.context().clearCookies()
    await page.goto('/recover')
    await page.getByLabel('Username or email').fill(address)
    await page.keyboard.press('Enter')
    await notice(page)
    await page.goto((await portal.mailTo(address, 'Reset your Portal password')).link)
  },
  'recover-dead': (page) => page.goto('/recover/of-no-letter'),

  email: async (page, id) => {
    const address = await somebody(page, id, { confirmed: false })
    await page.goto((await portal.mailTo(address, 'Confirm')).link)
  },
  'email-confirmed': (page, id) => somebody(page, id),
  'email-dead': (page) => page.goto('/email/of-no-letter'),

  security: async (page, id) => {
    await somebody(page, id)
    await page.goto('/account/security')
  },
  'security-new': async (page, id) => {
    await somebody(page, id, { confirmed: false })
    await page.goto('/account/security')
  },
  'security-refused': async (page, id) => {
    await somebody(page, id)
    await page.goto('/account/security')
    await page.getByLabel('Current password').fill(password)
    await page.getByLabel('New password').fill('passwordpassword')
    await press(page, 'Change password')
    await page.locator('.field-error').first().waitFor()
  },
  'security-app-offered': async (page, id) => {
    await somebody(page, id)
    await page.goto('/account/security')
    await press(page, 'Set up an authenticator app')
    await page.locator('.qr').waitFor()
  },
  'security-recovery-codes': async (page, id) => {
    await somebody(page, id)
    await switchOnApp(page)
  },
  'security-codes-by-mail': async (page, id) => {
    const address = await withCodesByMail(page, id)
    await sendCode(page, address)
  },
  'security-both': async (page, id) => {
    await withBoth(page, id)
    await page.goto('/account/security')
  },

  'second-step-app': async (page, id) => toSecondStep(page, await withBoth(page, id)),
  'second-step-recovery': async (page, id) => toSecondStep(page, await withBoth(page, id), 'step=recovery'),
  'second-step-refused': async (page, id) => {
    await toSecondStep(page, await withBoth(page, id))
    await page.locator('#twofa_token').fill('000000')
    await page.keyboard.press('Enter')
    await notice(page)
  },
  'second-step-email': async (page, id) => toSecondStep(page, await withCodesByMail(page, id)),
  'second-step-email-sent': async (page, id) => {
    const address = await withBoth(page, id)
    await toSecondStep(page, address, 'step=email')
    await sendCode(page, address)
  },
  'confirm-email': async (page, id) => {
    await withBoth(page, id)
    await page.goto('/confirm')
  },

  'admin-not-for-you': async (page, id) => {
    await somebody(page, id, { confirmed: false })
    await page.goto('/admin')
  },
  'admin-people': administer('/admin'),
  'admin-people-none': administer('/admin?q=zz&state=2'),
  'admin-people-page-2': administer('/admin?page=2'),
  'admin-people-moderator': moderate('/admin'),
  'admin-person': (page) => administer(`/admin/people/${community.jonas}`)(page),
  'admin-person-banned': (page) => administer(`/admin/people/${community.viktor}`)(page),
  'admin-person-timeout': (page) => administer(`/admin/people/${community.priya}`)(page),
  'admin-person-long': (page) => administer(`/admin/people/${community.long}`)(page),
  'admin-person-ban': (page) => administer(`/admin/people/${community.jonas}?act=ban`)(page),
  'admin-person-level': (page) => administer(`/admin/people/${community.jonas}?act=level`)(page),
  'admin-person-moderator': (page) => moderate(`/admin/people/${community.jonas}`)(page),
  'admin-bots': administer('/admin/bots'),
  'admin-bots-refused': async (page) => {
    await administer('/admin/bots')(page)
    await page.getByLabel('Name', { exact: true }).fill('Hansel discord')
    await press(page, 'Register')
    await notice(page)
  },
  'admin-bot': (page) => administer(`/admin/bots/${community.bot}`)(page),
  'admin-bot-new-key': async (page) => {
    await administer(`/admin/bots/${community.gretel}`)(page)
    await page.getByLabel('Current key').selectOption('Keep for 1 hour')
    await press(page, 'Create new key')
    await notice(page)
  },
  'admin-bot-off': (page) => administer(`/admin/bots/${community.off}`)(page),
  'admin-bot-none': administer('/admin/bots/1'),
  'admin-audit': administer('/admin/audit'),
  'admin-audit-filtered': administer('/admin/audit?event_type=account.banned'),
  'admin-audit-none': administer('/admin/audit?actor=nobody.here'),
  'admin-audit-moderator': moderate('/admin/audit'),

  'login-code': (page) => page.goto('/login/code'),
  'login-request': (page) => page.goto('/login/request?platform=discord'),
  'login-request-refused': (page) => page.goto('/login/request?platform=discord&message=pending&wait=360'),
  'login-request-asked': askForCode,
  'login-request-wrong-code': async (page, id) => {
    await askForCode(page, id)
    await typeCode(page, 'Vy8nFKq2')
  },
  'login-request-other-network': async (page, id) => {
    await askForCode(page, id)
    await page.setExtraHTTPHeaders({ 'X-Forwarded-For': '192.0.2.1' })
    await page.reload()
  },

  account: logIn,
  'account-link': async (page) => {
    await logIn(page)
    await page.getByRole('link', { name: 'Connect Discord' }).click()
  },
  'account-link-code': askToLink,
  'account-link-refused': async (page, id) => {
    await askToLink(page, id)
    await typeCode(page, 'Vy8nFKq2', 'Connect')
  },
  'account-by-code': comeByCode,
  'account-linked': async (page, id) => {
    await askToLink(page, id)
    await typeCode(page, (await bot.messageTo(id)).code, 'Connect')
    bot.say(id, '/login', 'Mara of the Long Name, Third of that Name')
    await bot.messageTo(id)
    await page.reload()
  },

  'account-edit': async (page) => {
    await logIn(page, 'jonas.weber')
    await page.getByText('Edit profile').click()
  },
  'account-long': (page) => logIn(page, 'l'.repeat(32)),
  'account-delete': async (page) => {
    await logIn(page, 'jonas.weber')
    await page.goto('/account/delete')
  },
  sessions: async (page) => {
    await logIn(page, 'jonas.weber')
    await page.goto('/account/security')
    await page.getByText('Past sessions').click()
  },

  confirm: async (page) => {
    await logIn(page)
    await page.goto('/confirm')
  },
  'confirm-refused': async (page) => {
    await logIn(page)
    await page.goto('/confirm')
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Confirm' }).click()
  },
  'confirm-no-password': async (page, id) => {
    await comeByCode(page, id)
    await page.goto('/confirm')
  },

  design: async (page) => {
    await page.goto('/login')
    await page.waitForLoadState('networkidle')
    await page.evaluate(drawBoard)
  },

  'not-me': (page) => page.goto('/not-me/of-a-message'),
  'not-me-done': async (page, id) => {
    await askForCode(page, id)
    await disown(page, (await bot.messageTo(id)).notMe)
  },
  'not-me-dead': (page) => disown(page, '/not-me/of-no-message'),
}

let network = 0
async function take(pages) {
  for (const [name, open] of Object.entries(pages)) {
    if (!name.includes(wanted)) continue
    for (const [size, options] of Object.entries(sizes)) {
      network += 1
      const context = await browser.newContext({
        ...options, baseURL: portal.url, extraHTTPHeaders: { 'X-Forwarded-For': `198.51.100.${network}` },
      })
      const page = await context.newPage()
      await open(page, `123456789012345${String(network).padStart(3, '0')}`).catch((error) => {
        throw new Error(`${name}, ${size}`, { cause: error })
      })
      await page.waitForLoadState('networkidle')
      const isAuthPage = (await page.locator('.auth-page').count()) > 0
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const file = `${name}-${size}-${colorScheme}.png`
        await page.screenshot({ path: join(folder, file), fullPage: true })
        if (forDocs && inDocs.includes(name)) {
          await page.screenshot({ path: join(docs, file), fullPage: isAuthPage || name === 'design' })
        }
      }
      // One linked account at a time.
      if (name === 'account-linked') await press(page, 'Unlink Discord')
      await context.close()
    }
  }
}

// The people and bots in the administration pages: of several levels, states and platforms.
const community = {}

const names = [
  'Amira Haddad', 'Björn Åkesson', 'Chiara Rossi', 'Dmitri Orlov', 'Elif Yılmaz', 'Farid Nasser', 'Greta Holm', 'Hugo Martin',
  'Inês Carvalho', 'Jakub Dvořák', 'Kenji Sato', 'Linh Nguyễn', 'Maud Janssen', 'Noor Bakker', 'Oskar Nowak', 'Paula Gómez',
  'Quentin Leroy', 'Rosa Schmitt', 'Søren Dahl', 'Tülay Demir', 'Uwe Brandt', 'Vera Popescu',
]

async function api(path, data, { token, from = '203.0.113.9', method = 'POST' } = {}) {
  const answer = await fetch(`${portal.url}${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json', 'X-Forwarded-For': from,
      'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(data),
  })
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
  return answer.json()
}

async function tokenOf(username) {
  return (await api('/api/auth/login', { identifier: username, password })).data.token
}

// Links a Discord account, as the account page does.
async function linkDiscord(username, id, name) {
  const token = await tokenOf(username)
  await api('/v1/users/me/platforms/link', { platform: 'discord', platform_user_id: id }, { token })
  await api('/v1/users/me/platforms/link/verify', { code: (await bot.messageTo(id)).code }, { token })
  bot.say(id, '/login', name)
  await bot.messageTo(id)
}

async function settle() {
  for (const display of names) {
    const username = display.normalize('NFD').toLowerCase().replace(/[^a-z ]/g, '').replace(' ', '.')
    await portal.createPerson(username, { display })
  }
  community.jonas = await portal.createPerson('jonas.weber', { display: 'Jonas Weber' })
  community.viktor = await portal.createPerson('viktor.kral', { display: 'Viktor Král' })
  community.priya = await portal.createPerson('priya.nair', { display: 'Priya Nair' })
  community.long = await portal.createPerson('l'.repeat(32), { display: 'W'.repeat(32) })
  await portal.createPerson('tomasz.wilk', { display: 'Tomasz Wilk', level: 'moderator' })
  await portal.createPerson('sofia.marin', { display: 'Sofia Marin', level: 'admin' })
  await linkDiscord('jonas.weber', '123456789012345678', 'jonas_w')
  await linkDiscord('l'.repeat(32), '9'.repeat(64), 'M'.repeat(64))
  const jonas = await tokenOf('jonas.weber')
  await api('/v1/users/me/update', {
    bio: 'Runs the Friday game night.\nWrite to me on Discord.', links: ['https://example.org/game-night'],
  }, { token: jonas })
  await api('/v1/users/me/sessions/destroy-others', {}, { token: jonas })
  await tokenOf('jonas.weber')
  await api('/api/auth/login', { identifier: 'jonas.weber', password: 'not his password' }).catch(() => {})
  const [mara, tomasz] = [await tokenOf('mara.lind'), await tokenOf('tomasz.wilk')]
  await api(`/v1/admin/users/${community.viktor}/ban`, { reason: 'Sold accounts of other people, again and again' }, { token: mara })
  await api(`/v1/admin/users/${community.priya}/timeout`, {
    reason: 'Shouting in #general', expires_at: new Date(Date.now() + 86_400_000).toISOString(),
  }, { token: tomasz })
  const { items } = await api('/v1/admin/bots', undefined, { token: mara, method: 'GET' })
  community.bot = items[0].id
  const register = (name, platform) => portal.run(['bot', 'register', '--name', name, '--platform', platform, '--owner', 'mara.lind'])
  community.gretel = register('Gretel of the Winter Guild', 'telegram').id
  const { id: off } = register('Old Hansel', 'discord')
  community.off = off
  await api(`/v1/admin/bots/${off}/deactivate`, {}, { token: mara })
  await api(`/v1/admin/bots/${community.bot}/update`, { bot_type: 'official', invite_url: 'https://discord.gg/hansel' }, { token: mara })
}

await take(whileThereIsNoOwner)
portal.createOwner('mara.lind')
await take(withOneOwner)
bot = await portal.registerBot('discord')
await settle()
await take(withAnOwner)
await browser.close()
await portal.remove()
