// Every page and state is accessible in both themes, and fits the smallest screens in every language. Pages
// are the same on both databases, and without JavaScript except for its additions.
import { expect, expectAccessible, logIn, test } from '../portal.js'

test.skip(({ engine, javaScriptEnabled }) => engine !== 'sqlite' || !javaScriptEnabled, 'looked at once')
test.slow()

const smallest = { width: 320, height: 640 }

// Checks each path for accessibility and on a phone.
async function look(page, paths) {
  for (const path of paths) {
    await test.step(path, async () => {
      await page.goto(path)
      await expect(page.locator('h1').first()).toBeVisible()
      await expectAccessible(page)
      await expectNarrow(page)
    })
  }
}

// Nothing overflows a narrow screen.
async function expectNarrow(page) {
  const size = page.viewportSize()
  await page.setViewportSize(smallest)
  for (const language of ['de', 'fr', 'en']) {
    await page.context().addCookies([{ name: '__Host-portal_language', value: language, domain: 'localhost', path: '/', secure: true }])
    await page.reload()
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    const wide = await page.evaluate(() => {
      const edge = document.documentElement.clientWidth
      const out = [...document.querySelectorAll('body *')].filter((element) => {
        const box = element.getBoundingClientRect()
        // Elements that scroll by themselves may be wide inside.
        return box.right > edge + 1 && box.width > 1 && !element.closest('pre, .visually-hidden, .tabs')
      })
      return { scroll: document.documentElement.scrollWidth - edge, out: out.map((element) => element.outerHTML.slice(0, 120)) }
    })
    expect(wide, language).toEqual({ scroll: 0, out: [] })
  }
  await page.context().clearCookies({ name: '__Host-portal_language' })
  await page.setViewportSize(size)
}

test('every page of the login', async ({ page, portal }) => {
  await look(page, ['/setup'])
  portal.createOwner('alice')
  portal.run(['bot', 'register', '--name', 'Hansel', '--platform', 'discord', '--owner', 'alice'])
  await look(page, [
    '/login', '/login?message=credentials', '/login?message=passwords', '/login?message=session-lost',
    '/login/code', '/login/code?message=code', '/login/request?platform=discord', '/login/request?platform=discord&message=pending',
    '/nope',
  ])
})

test('every page of those who are not logged in', async ({ page }) => {
  await look(page, [
    '/register', '/register?message=many&username=alike&email=malformed&display=marks&password=common',
    '/recover', '/recover?message=recoveries', '/recover?message=recovery-sent', '/recover/new',
    '/email', '/not-me/0', '/not-me/done?message=disowned', '/not-me/dead?message=dead',
  ])
})

test('a login that waits for a code', async ({ page, portal }) => {
  portal.createOwner('alice')
  portal.run(['bot', 'register', '--name', 'Hansel', '--platform', 'discord', '--owner', 'alice'])
  await page.goto('/login/request?platform=discord')
  await page.getByLabel('User ID or username').fill('123456789012345678')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Check your direct messages' })).toBeVisible()
  await look(page, ['/login/request?platform=discord', '/login/request?platform=discord&message=code'])
})

test('every page of an account', async ({ page, portal }) => {
  portal.createOwner('alice')
  portal.run(['bot', 'register', '--name', 'Hansel', '--platform', 'discord', '--owner', 'alice'])
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  await look(page, [
    '/account', '/account?link=discord', '/account?message=linked', '/account?message=profile-refused&username=taken&bio=long&links=many',
    '/account/security', '/account/security?message=password&password=personal', '/account/delete', '/account/delete?message=last-owner',
    '/confirm', '/confirm?message=password',
  ])
  await page.goto('/account/security')
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await look(page, ['/account/security'])
})

test('every page of administration', async ({ page, portal }) => {
  portal.createOwner('alice')
  portal.createOwner('a.name_as-long-as-names-can.be32')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  await look(page, ['/admin', '/admin?q=nobody', '/admin?page=9', '/admin/bots', '/admin/bots/1', '/admin/audit', '/admin/audit?actor=nobody'])
  await page.goto('/admin/bots')
  await page.getByLabel('Name', { exact: true }).fill('Carrier of the many codes')
  await page.getByRole('button', { name: 'Register' }).click()
  await expect(page.getByRole('heading', { name: 'Carrier of the many codes' })).toBeVisible()
  // With the key, which is shown only once.
  await expectAccessible(page)
  await look(page, [new URL(page.url()).pathname, '/admin/bots'])
})

test('every page of what is done to a person', async ({ page, portal }) => {
  portal.createOwner('alice')
  portal.createOwner('a.name_as-long-as-names-can.be32')
  const { id } = portal.run(['user', 'list', 'a.name']).users[0]
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  const person = `/admin/people/${id}`
  await look(page, [person, ...['timeout', 'ban', 'level'].map((act) => `${person}?act=${act}`)])
  await page.goto(`${person}?act=ban`)
  await page.getByLabel('Reason').fill('A reason that is written at some length, as reasons are.')
  await page.getByRole('button', { name: 'Ban' }).click()
  await expect(page.getByText('Banned, and logged out everywhere.')).toBeVisible()
  await look(page, [person, '/admin', `${person}?act=restore`])
})

test('people are cards on a phone', async ({ page, portal }) => {
  portal.createOwner('alice')
  await logIn(page, 'alice')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/admin')
  const row = page.getByRole('row').filter({ hasText: '@alice' })
  const level = row.locator('td[data-label="Role"]')
  await expect(level).toHaveCSS('display', 'grid')
  expect(await level.evaluate((cell) => getComputedStyle(cell, '::before').content)).toBe('"Role"')
  const [name, below] = [await row.getByRole('link').boundingBox(), await level.boundingBox()]
  expect(below.y).toBeGreaterThanOrEqual(name.y + name.height)
  expect(below.x + below.width).toBeLessThanOrEqual(390)
})
