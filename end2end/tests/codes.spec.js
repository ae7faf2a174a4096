import { expect, expectAccessible, test } from '../portal.js'

const niels = '123456789012345678'

async function askFor(page, id) {
  await page.goto('/login')
  await page.getByRole('link', { name: 'Discord' }).click()
  await page.getByLabel('User ID or username').fill(id)
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await expect(page.getByRole('heading', { name: 'Check your direct messages' })).toBeVisible()
}

test('somebody new asks for a code, and the bot brings it', async ({ page, portal }) => {
  const bot = await portal.registerBot('discord')
  await askFor(page, niels)
  await expect(page.getByText('Hansel discord', { exact: true })).toBeVisible()
  await expect(page.getByText('10 minutes left')).toBeVisible()
  await expectAccessible(page)
  const { code, text, notMe } = await bot.messageTo(niels)
  expect(text).toContain('Your code to log in: ')
  expect(text).toContain(`Enter it only on ${new URL(portal.url).host}.`)
  expect(text).toContain('Requested from 127.0.0.1 (Chrome on ')
  expect(notMe).toContain(`${portal.url}/not-me/`)
  await page.getByLabel('Code').fill(code)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page).toHaveURL('/account')
  await expect(page.getByRole('heading', { name: /^user_[0-9a-f]{8}$/ })).toBeVisible()
})

test('"I already have a code": a returning person, with the bot\'s code', async ({ page, portal, context }) => {
  const bot = await portal.registerBot('discord')
  await askFor(page, niels)
  await page.getByLabel('Code').fill((await bot.messageTo(niels)).code)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account')
  await page.getByRole('button', { name: 'Log out' }).click()

  bot.say(niels, '/login')
  const { code } = await bot.messageTo(niels)
  await page.getByRole('link', { name: 'I already have a code' }).click()
  await expect(page.getByLabel('Code')).toHaveAttribute('autocomplete', 'one-time-code')
  await expectAccessible(page)
  // As people copy it: with a leading space and in two halves.
  await page.getByLabel('Code').fill(` ${code.slice(0, 4)}-${code.slice(4)}`)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page).toHaveURL('/account')
  expect((await context.cookies()).map(({ name }) => name)).not.toContain('__Host-portal_browser')
})

test('"/login" to the bot: the code it missed, a code for somebody known, or a link for anybody else', async ({ page, portal }) => {
  const bot = await portal.registerBot('discord')
  await bot.stop()
  await askFor(page, niels)
  await bot.start()
  bot.say(niels, '/login')
  const asked = await bot.messageTo(niels)
  expect(asked.text).toContain('Requested from 127.0.0.1')
  await page.getByLabel('Code').fill(asked.code)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account')
  await page.getByRole('button', { name: 'Log out' }).click()

  bot.say(niels, '/otp')
  const made = await bot.messageTo(niels)
  expect(made.text).not.toContain('Requested from')
  expect(made.notMe).toContain(`${portal.url}/not-me/`)
  await page.goto('/login/code')
  await page.getByLabel('Code').fill(made.code)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account')
  await page.getByRole('button', { name: 'Log out' }).click()

  bot.say('a+b&c', '/login', 'Mara: \u202e/login')
  const { code, link } = await bot.messageTo('a+b&c')
  expect(code).toBeUndefined()
  await page.goto(link)
  await expect(page).toHaveURL(/\/login\/request\?/)
  await expect(page.getByLabel('User ID or username')).toHaveValue('a+b&c')
  await expectAccessible(page)
})

test('a code works in the browser that asked, and in no other', async ({ page, portal, browser }) => {
  const bot = await portal.registerBot('discord')
  await askFor(page, niels)
  const { code } = await bot.messageTo(niels)
  const thief = await (await browser.newContext({ baseURL: portal.url })).newPage()
  await thief.goto('/login/code')
  await thief.getByLabel('Code').fill(code)
  await thief.getByRole('button', { name: 'Log in' }).click()
  await expect(thief.getByRole('alert')).toContainText("That code didn't work")
  await page.getByLabel('Code').fill(code)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account')
})

test('a wrong code leads back to the page it was typed on', async ({ page, portal }) => {
  await portal.registerBot('discord')
  await askFor(page, niels)
  await page.getByLabel('Code').fill('Vy8nFKq2')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Check your direct messages' })).toBeVisible()
  await expect(page.getByRole('alert')).toContainText("That code didn't work")
  await expectAccessible(page)
})

test('somebody unknown sees the same page', async ({ page, portal }) => {
  await portal.registerBot('discord')
  await askFor(page, 'nobody of that name')
  await expect(page.getByText('10 minutes left')).toBeVisible()
  await page.getByRole('link', { name: "Didn't get it? Request a new code" }).click()
  await expect(page.getByLabel('User ID or username')).toBeVisible()
})

test('the sixth request of a network is told to wait', async ({ page, portal, browser }) => {
  test.slow() // six browsers one after the other
  await portal.registerBot('discord')
  for (let id = 1; id <= 5; id++) {
    const other = await (await browser.newContext({ baseURL: portal.url })).newPage()
    await askFor(other, String(id))
  }
  await page.goto('/login/request?platform=discord&platform_user_id=6')
  await expect(page.getByLabel('User ID or username')).toHaveValue('6')
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await expect(page.getByRole('alert')).toContainText('Your network already has five unused codes')
  await expect(page.getByLabel('User ID or username')).toHaveValue('6')
  await expectAccessible(page)
})

test('the page one wanted opens after a login by code', async ({ page, portal }) => {
  const bot = await portal.registerBot('discord')
  await page.goto('/login?return_to=/account%3Ftab%3D2')
  await page.getByRole('link', { name: 'Discord' }).click()
  await page.getByLabel('User ID or username').fill(niels)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Check your direct messages' })).toBeVisible()
  await page.getByLabel('Code').fill((await bot.messageTo(niels)).code)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account?tab=2')
})

test('an unknown platform leads back to the login', async ({ page }) => {
  await page.goto('/login/request?platform=matrix')
  await expect(page).toHaveURL(/\/login\?return_to=/)
})
