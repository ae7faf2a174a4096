import { awake, expect, expectAccessible, logIn, password, test } from '../portal.js'

test('a person logs in, is known, and logs out', async ({ page, portal, context }) => {
  const { id } = portal.createOwner('Alice')
  await page.goto('/')
  await expect(page).toHaveTitle('Log in · Portal')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  await expect(page.getByRole('heading', { name: 'Alice' })).toBeVisible()
  await expect(page.getByText('Owner')).toBeVisible()

  const me = await page.request.get('/v1/users/me')
  expect(me.status()).toBe(200)
  expect(await me.json()).toMatchObject({ id, username: 'Alice', permission_level: 3 })

  await page.getByRole('button', { name: 'Log out', exact: true }).click()
  await expect(page.getByRole('status')).toHaveText("You're logged out.")
  expect((await page.request.get('/v1/users/me')).status()).toBe(401)
  const names = (await context.cookies()).map((cookie) => cookie.name)
  expect(names.filter((name) => name.includes('hsession'))).toEqual([])
  await page.goto('/account')
  await expect(page).toHaveURL('/login?return_to=%2Faccount')
})

test('the cookies are kept and sent as the contract says', async ({ page, portal, context }) => {
  portal.createOwner('alice')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  const cookies = Object.fromEntries((await context.cookies()).map((cookie) => [cookie.name, cookie]))
  expect(cookies.hsession).toMatchObject({ httpOnly: true, secure: true, sameSite: 'None', path: '/' })
  expect(cookies['__Host-hsession_act']).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' })
})

test('a wrong password is said plainly, and the name stays', async ({ page, portal }) => {
  portal.createOwner('alice')
  await logIn(page, 'alice', 'not her password')
  await expect(page.getByRole('alert')).toHaveText("Wrong username or password.")
  await expect(page).toHaveTitle('Error: Log in · Portal')
  await expect(page.getByLabel('Username')).toHaveValue('alice')
  const field = page.getByLabel('Password', { exact: true })
  await expect(field).toHaveValue('')
  await expect(field).toBeFocused()
  await expect(field).toHaveAccessibleDescription(/Wrong username or password/)
  await expectAccessible(page)

  await field.fill(password)
  await field.press('Enter')
  await expect(page).toHaveURL('/account')
})

test('the page one wanted opens after the login', async ({ page, portal }) => {
  portal.createOwner('alice')
  await page.goto('/login?return_to=/account%3Ftab%3D2')
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password', { exact: true }).fill('not her password')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account?tab=2')
})

test('after the logout the back button shows nothing', async ({ page, portal }) => {
  portal.createOwner('alice')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  await page.getByRole('button', { name: 'Log out', exact: true }).click()
  await expect(page.getByRole('status')).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible()
  await expect(page.getByText('@alice')).toHaveCount(0)
})

test('the login works by keyboard alone', async ({ page, portal }) => {
  portal.createOwner('alice')
  await page.goto('/login')
  await expect(page.getByLabel('Username')).toBeFocused()
  await page.keyboard.type('alice')
  await page.keyboard.press('Tab')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account')
})

test('password managers find what they look for', async ({ page }) => {
  await page.goto('/login')
  await expect(page.getByLabel('Username')).toHaveAttribute('autocomplete', 'username')
  await expect(page.getByLabel('Username')).toHaveAttribute('autocapitalize', 'none')
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('autocomplete', 'current-password')
})

test('no page can be scrolled sideways on a small phone', async ({ page, portal }) => {
  portal.createOwner('a'.repeat(32))
  await page.setViewportSize({ width: 320, height: 640 })
  for (const path of ['/login', '/login?message=credentials', '/setup', '/nope']) {
    await page.goto(path)
    expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(320)
  }
  await logIn(page, 'a'.repeat(32))
  await expect(page).toHaveURL('/account')
  expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(320)
})

test.describe('the islands', { tag: '@islands' }, () => {
  test('a password can be shown and hidden again', async ({ page }) => {
    await page.goto('/login')
    await awake(page)
    const field = page.locator('#password')
    const button = page.getByRole('button', { name: 'Show password' })
    await field.fill('hunter2')
    await button.click()
    await expect(field).toHaveAttribute('type', 'text')
    await expect(button).toHaveAttribute('aria-pressed', 'true')
    await button.click()
    await expect(field).toHaveAttribute('type', 'password')
    await expect(field).toHaveValue('hunter2')
  })

  test('what was typed before they woke up is still there', async ({ page, portal }) => {
    portal.createOwner('alice')
    let release
    const held = new Promise((resolve) => (release = resolve))
    await page.route('**/*.wasm', async (route) => {
      await held
      await route.continue()
    })
    await page.goto('/login', { waitUntil: 'commit' })
    await page.getByLabel('Username').fill('alice')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await expect(page.locator('.field-reveal')).toBeHidden()
    release()
    await awake(page)
    await expect(page.getByLabel('Username')).toHaveValue('alice')
    await expect(page.locator('#password')).toHaveValue(password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await expect(page).toHaveURL('/account')
  })

  test('the login works where they never arrive', async ({ page, portal }) => {
    portal.createOwner('alice')
    await page.route('**/*.wasm', (route) => route.fulfill({ status: 503, body: '' }))
    await page.addInitScript(() => window.addEventListener('unhandledrejection', (event) => event.preventDefault()))
    await logIn(page, 'alice')
    await expect(page).toHaveURL('/account')
  })

  test('nothing moves when they wake up', async ({ page }) => {
    await page.addInitScript(() => {
      window.shifts = 0
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shifts += entry.value)))
        .observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto('/login')
    await awake(page)
    expect(await page.evaluate(() => window.shifts)).toBe(0)
  })
})
