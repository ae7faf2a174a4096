// Pictures of all pages, phone and desktop, light and dark: node end2end/screenshots.js FOLDER
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { password, Portal } from './portal.js'

const folder = process.argv[2] ?? 'docs/screenshots'
mkdirSync(folder, { recursive: true })
const portal = new Portal()
await portal.start('sqlite')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
})

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }

async function submit(page, name, typed) {
  await page.getByLabel('Username').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(typed)
  await page.locator('form.form button[type=submit]').click()
}

const pages = {
  'set-up': (page) => page.goto(portal.setUpLink),
  'set-up-refused': async (page) => {
    await page.goto(portal.setUpLink)
    await submit(page, 'Owner', password)
  },
  'set-up-dead': (page) => page.goto(`${portal.url}/setup?token=`).then(() => page.goto(`${portal.url}/setup`)),
  login: (page) => page.goto(`${portal.url}/login`),
  'login-refused': async (page) => {
    await page.goto(`${portal.url}/login`)
    await submit(page, 'mara.lind', 'not the password')
  },
  'not-found': (page) => page.goto(`${portal.url}/nope`),
  'login-code': (page) => page.goto(`${portal.url}/login/code`),
  'login-request': (page) => page.goto(`${portal.url}/login/request?platform=discord`),
  'login-request-asked': async (page) => {
    await page.goto(`${portal.url}/login/request?platform=discord`)
    await page.getByLabel('Your id').fill('123456789012345678')
    await page.getByRole('button', { name: 'Ask for a code' }).click()
  },
  account: async (page) => {
    await page.goto(`${portal.url}/login`)
    await submit(page, 'mara.lind', password)
    await page.waitForURL('**/account')
  },
}

// The set-up pages while there is no owner, the account page when there is one.
for (const [name, open] of Object.entries(pages)) {
  if (name === 'account') portal.createOwner('mara.lind')
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: size === 'phone' ? 2 : 1, baseURL: portal.url })
      const page = await context.newPage()
      await open(page)
      await page.waitForLoadState('networkidle')
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) })
      await context.close()
    }
  }
}
await browser.close()
await portal.remove()
