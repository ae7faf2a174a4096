import { codeOf } from '../authenticator.js'
import { awake, expect, expectAccessible, logIn, password, test } from '../portal.js'

const address = 'alice@example.org'
const newPassword = 'a heron waits by green water'

// Alice, logged in, with a verified address.
async function alice(page, portal) {
  portal.createOwner('alice')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  const asked = await page.request.post('/v1/users/me/email', { data: { email: address } })
  expect(asked.status()).toBe(200)
  await page.goto((await portal.mailTo(address, 'Confirm your email address')).link)
  await page.getByRole('button', { name: 'Confirm this address' }).click()
  await expect(page.getByRole('status').first()).toBeVisible()
}

// Enables an authenticator app and returns its key.
async function switchOn(page) {
  await page.goto('/account/security')
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const key = await page.locator('p', { hasText: 'Key: ' }).getByRole('code').textContent()
  await page.getByLabel('6-digit code from the app').fill(codeOf(key))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('status').first()).toContainText('Authenticator app turned on')
  return page.getByRole('region', { name: 'Your recovery codes' }).getByRole('listitem').allTextContents()
}

test('a forgotten password is replaced by mail, beside the second factor', async ({ page, portal, context }) => {
  test.slow()
  await alice(page, portal)
  const codes = await switchOn(page)
  await context.clearCookies()

  await page.goto('/login?return_to=/account/security')
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Username or email').fill('alice')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Check your email' })).toBeVisible()
  await expect(page.getByRole('status').first()).toContainText("we've sent a link")
  await page.getByText("Didn't get an email?").click()
  await expect(page.getByText('Check your spam folder')).toBeVisible()
  await expectAccessible(page)

  const { link } = await portal.mailTo(address, 'Reset your Portal password')
  await page.goto(link)
  await expect(page).toHaveURL('/recover/new')
  await expectAccessible(page)
  await page.getByLabel('New password').fill(newPassword)
  await page.getByLabel('Code from your app').fill('000000')
  await page.getByRole('button', { name: 'Save new password' }).click()
  await expect(page.getByRole('alert')).toContainText("That code didn't work")
  await expectAccessible(page)
  await page.getByLabel('New password').fill(newPassword)
  await page.getByLabel('Code from your app').fill(codes[0])
  await page.getByRole('button', { name: 'Save new password' }).click()
  await expect(page.getByRole('status').first()).toContainText('Password changed')

  await logIn(page, 'alice', password)
  await expect(page.getByRole('alert')).toContainText('Wrong username or password')
  await logIn(page, 'alice', newPassword)
  await expect(page.getByRole('heading', { name: 'Two-factor authentication' })).toBeVisible()
  await page.getByRole('link', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').fill(codes[1])
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account')
  await portal.mailTo(address, 'Your Portal password was changed')

  await page.goto(link)
  await expect(page.getByText("This link has expired or was already used")).toBeVisible()
  await expectAccessible(page)
})

test('nobody learns by the page who has an account', async ({ page, portal }) => {
  portal.createOwner('alice')
  const said = []
  for (const name of ['alice', 'nobody']) {
    await page.goto('/recover')
    await page.getByLabel('Username or email').fill(name)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Check your email' })).toBeVisible()
    said.push(await page.getByRole('main').innerText())
  }
  expect(said[0]).toBe(said[1])
})

test('many wrong passwords have to wait', async ({ page, portal }) => {
  portal.createOwner('alice')
  for (let n = 0; n < 6; n++) await logIn(page, 'alice', 'not the password')
  await expect(page.getByRole('alert')).toContainText('Too many failed attempts')
  await expectAccessible(page)
})

test.describe('the islands', { tag: '@islands' }, () => {
  test('how hard a new password is to guess is said while one types', async ({ page, portal }) => {
    await page.goto(portal.setUpLink)
    await awake(page)
    await page.getByLabel('Username').fill('alexandra')
    const field = page.getByLabel('Password', { exact: true })
    for (const [typed, note] of [
      ['fourteen chars', '14\u202f/\u202f15'],
      ['qwertyuiopasdfgh', 'Easy to guess'],
      ['Alexandra2024alexandra', 'Easy to guess'],
      ['heron green tin', 'OK'],
      [newPassword, 'Strong'],
      ['x'.repeat(3) + 'heron waits by '.repeat(20), 'Too long'],
    ]) {
      await field.fill(typed)
      await expect(page.locator('.field-note', { hasText: note })).toBeVisible()
    }
    await expectAccessible(page)
  })
})
