// Pictures of all pages, phone and desktop, light and dark: node end2end/screenshots.js FOLDER [PART OF A NAME]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { password, Portal } from './portal.js'

const folder = process.argv[2] ?? 'docs/screenshots'
const wanted = process.argv[3] ?? ''
mkdirSync(folder, { recursive: true })
// Each picture comes from a network of its own, or the limits would show in them.
process.env.PORTAL_TRUSTED_PROXIES = '127.0.0.1,::1'
const portal = new Portal()
await portal.start('sqlite')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
})

const sizes = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
  small: { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 },
}

async function submit(page, name, typed) {
  await page.getByLabel('Username').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(typed)
  await page.locator('form.form button[type=submit]').click()
}

async function logIn(page) {
  await page.goto('/login')
  await submit(page, 'mara.lind', password)
  await page.waitForURL('**/account')
}

async function askForCode(page, id) {
  await page.goto('/login/request?platform=discord')
  await page.getByLabel('Your id').fill(id)
  await page.getByRole('button', { name: 'Ask for a code' }).click()
  await page.getByRole('heading', { name: 'Get your code' }).waitFor()
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
  await page.getByLabel('Your id there').fill(id)
  await page.getByRole('button', { name: 'Link Discord' }).click()
  await page.getByLabel('Code').waitFor()
}

async function disown(page, link) {
  await page.goto(link)
  await page.getByRole('button', { name: 'That was not me' }).click()
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

const withAnOwner = {
  login: (page) => page.goto('/login'),
  'login-refused': async (page) => {
    await page.goto('/login')
    await submit(page, 'mara.lind', 'not the password')
  },
  'not-found': (page) => page.goto('/nope'),

  'login-code': (page) => page.goto('/login/code'),
  'login-request': (page) => page.goto('/login/request?platform=discord'),
  'login-request-refused': (page) => page.goto('/login/request?platform=discord&message=pending'),
  'login-request-asked': askForCode,
  'login-request-wrong-code': async (page, id) => {
    await askForCode(page, id)
    await typeCode(page, 'Vy8nFKq2')
  },
  'login-request-other-network': async (page, id) => {
    await askForCode(page, id)
    await page.setExtraHTTPHeaders({ 'X-Forwarded-For': '198.51.100.1' })
    await page.reload()
  },

  account: logIn,
  'account-link': async (page) => {
    await logIn(page)
    await page.getByRole('link', { name: 'Link Discord' }).click()
  },
  'account-link-code': askToLink,
  'account-link-refused': async (page, id) => {
    await askToLink(page, id)
    await typeCode(page, 'Vy8nFKq2', 'Link')
  },
  'account-by-code': comeByCode,
  'account-linked': async (page, id) => {
    await askToLink(page, id)
    await typeCode(page, (await bot.messageTo(id)).code, 'Link')
    bot.say(id, '/login', 'Mara of the Long Name, Third of that Name')
    await bot.messageTo(id)
    await page.reload()
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
        ...options, baseURL: portal.url, extraHTTPHeaders: { 'X-Forwarded-For': `203.0.113.${network}` },
      })
      const page = await context.newPage()
      await open(page, `1234567890123450${String(network).padStart(2, '0')}`)
      await page.waitForLoadState('networkidle')
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`), fullPage: true })
      }
      // One linked account at a time.
      if (name === 'account-linked') await page.getByRole('button', { name: 'Unlink Discord' }).click()
      await context.close()
    }
  }
}

await take(whileThereIsNoOwner)
portal.createOwner('mara.lind')
bot = await portal.registerBot('discord')
await take(withAnOwner)
await browser.close()
await portal.remove()
