import { codeOf } from '../authenticator.js'
import { expect, expectAccessible, logIn, password, test } from '../portal.js'

// Enables an authenticator app and returns its key and the recovery codes.
async function switchOn(page) {
  await page.goto('/account/security')
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await expect(page.getByRole('img')).toBeVisible()
  await expectAccessible(page)
  const key = await page.locator('p', { hasText: 'Key: ' }).getByRole('code').textContent()
  await page.getByLabel('6-digit code from the app').fill(codeOf(key))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('status').first()).toContainText('Authenticator app turned on')
  const codes = await page.getByRole('region', { name: 'Your recovery codes' }).getByRole('listitem').allTextContents()
  return { key, codes }
}

async function logOut(page) {
  await page.getByRole('button', { name: 'Log out', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible()
}

test('an authenticator app guards the login', async ({ page, portal }) => {
  test.slow()
  portal.createOwner('alice')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  const { codes } = await switchOn(page)
  expect(codes).toHaveLength(10)
  await expectAccessible(page)
  await page.reload()
  await expect(page.getByText('Your recovery codes')).toHaveCount(0)
  await expect(page.getByText('10 of 10 recovery codes left')).toBeVisible()
  await logOut(page)

  await page.goto('/login?return_to=/account/security')
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('heading', { name: 'Two-factor authentication' })).toBeVisible()
  const field = page.getByLabel('Authentication code')
  await expect(field).toHaveAttribute('autocomplete', 'one-time-code')
  await expect(field).toHaveAttribute('inputmode', 'numeric')
  await expect(field).toBeFocused()
  await expectAccessible(page)
  await field.fill('000000')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText("That code didn't work")
  await expectAccessible(page)

  // The phone is lost: a recovery code, typed as it was printed.
  await page.getByRole('link', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').fill(codes[4])
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account/security')
  await expect(page.getByText('9 of 10 recovery codes left')).toBeVisible()
})

test('the app is switched off with a code of it', async ({ page, portal }) => {
  portal.createOwner('alice')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  const { codes } = await switchOn(page)
  const card = page.getByRole('region', { name: 'Authenticator app' })
  await card.getByLabel('Code from your app').fill(codes[0])
  await page.getByRole('button', { name: 'Turn off' }).click()
  await expect(page.getByRole('status').first()).toContainText('Authenticator app turned off')
  // The focus makes a screen reader announce it.
  await expect(page.locator('#security-notice')).toBeFocused()
  await expect(page.getByRole('button', { name: 'Set up an authenticator app' })).toBeVisible()
})

test('a password is changed, and a weak one says why not', async ({ page, portal }) => {
  portal.createOwner('alice')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  await page.goto('/account/security')
  await expectAccessible(page)
  const change = async (old, wanted) => {
    await page.getByLabel('Current password').fill(old)
    await page.getByLabel('New password').fill(wanted)
    await page.getByRole('button', { name: 'Change password' }).click()
  }
  await change(password, 'passwordpassword')
  await expect(page.getByText('too easy to guess')).toBeVisible()
  await expectAccessible(page)
  await change('not my password at all', 'a heron waits by green water')
  await expect(page.getByRole('alert')).toContainText('Wrong password')
  await change(password, 'a heron waits by green water')
  await expect(page.getByRole('status').first()).toContainText('Password saved')
  await logOut(page)
  await logIn(page, 'alice', 'a heron waits by green water')
  await expect(page).toHaveURL('/account')
})
