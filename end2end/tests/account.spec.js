import { expect, expectAccessible, logIn, password, test } from '../portal.js'

const niels = '123456789012345678'

// Logs in a person without a password, by a code requested in this browser.
async function comeByCode(page, bot, id = niels) {
  await askFor(page, id)
  const message = await bot.messageTo(id)
  await typeCode(page, message.code)
  await expect(page).toHaveURL('/account')
  return message
}

async function askFor(page, id) {
  await page.goto('/login/request?platform=discord')
  await page.getByLabel('User ID or username').fill(id)
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await expect(page.getByRole('heading', { name: 'Check your direct messages' })).toBeVisible()
}

async function typeCode(page, code) {
  await page.getByLabel('Code').fill(code)
  await page.getByRole('button', { name: 'Log in' }).click()
}

// Logs in the same person again, by a code that the bot created.
async function comeByBot(page, bot, id = niels) {
  bot.say(id, '/login')
  const message = await bot.messageTo(id)
  await page.goto('/login/code')
  await typeCode(page, message.code)
  await expect(page).toHaveURL('/account')
  return message
}

async function logOut(page) {
  await page.getByRole('button', { name: 'Log out', exact: true }).click()
  await expect(page.getByRole('status')).toHaveText("You're logged out.")
}

async function confirm(page, typed = password) {
  await page.getByLabel('Password', { exact: true }).fill(typed)
  await page.getByRole('button', { name: 'Confirm' }).click()
}

// A page on another machine: no cookies, no session.
const elsewhere = async (browser, portal) => (await browser.newContext({ baseURL: portal.url })).newPage()

test.describe('platforms', () => {
  test('a person connects Discord, logs in with it, and disconnects it', async ({ page, portal }) => {
    test.slow()
    const bot = await portal.registerBot('discord')
    portal.createOwner('alice')
    await logIn(page, 'alice')
    await expect(page).toHaveURL('/account')
    await expect(page.getByRole('listitem')).toHaveCount(0)

    await page.getByRole('link', { name: 'Connect Discord' }).click()
    await expect(page.getByLabel('Your user ID there')).toBeFocused()
    await expectAccessible(page)
    await page.getByLabel('Your user ID there').fill(niels)
    await page.getByRole('button', { name: 'Connect Discord' }).click()

    const { code, text } = await bot.messageTo(niels)
    expect(text).toContain('to connect this discord account: ')
    await expect(page.getByLabel('Code')).toBeFocused()
    await expect(page.getByText(niels)).toBeVisible()
    await expect(page.getByText('10 minutes left')).toBeVisible()
    await expectAccessible(page)
    await page.getByLabel('Code').fill(code)
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await expect(page.getByRole('status')).toHaveText('Connected. You can now log in with it.')
    const row = page.getByRole('listitem').filter({ hasText: 'Discord' })
    await expect(row).toContainText(niels)
    await expect(page.getByRole('link', { name: 'Connect Discord' })).toHaveCount(0)
    // No bot serves Telegram here, so no one could deliver a code.
    await expect(page.getByRole('link', { name: 'Connect Telegram' })).toHaveCount(0)
    await expectAccessible(page)
    await logOut(page)

    await comeByBot(page, bot)
    await expect(page.getByRole('heading', { name: 'alice' })).toBeVisible()
    // The bot reported the person's name on Discord.
    await expect(row).toContainText('niels')

    // A login by code has to be confirmed first.
    await row.getByRole('button', { name: 'Disconnect Discord' }).click()
    await expect(page.getByRole('heading', { name: "Confirm it's you" })).toBeVisible()
    await confirm(page)
    await expect(page).toHaveURL('/account')
    await row.getByRole('button', { name: 'Disconnect Discord' }).click()
    await expect(page.getByRole('status')).toHaveText('Disconnected. You can no longer log in with it.')
    await expect(row).toHaveCount(0)
    await expect(page.getByRole('link', { name: 'Connect Discord' })).toBeVisible()
  })

  test('what is no id, and a wrong code, are said where they were typed', async ({ page, portal }) => {
    const bot = await portal.registerBot('discord')
    portal.createOwner('alice')
    await logIn(page, 'alice')
    await page.getByRole('link', { name: 'Connect Discord' }).click()
    await page.getByLabel('Your user ID there').fill('no id')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText("That doesn't look like a user ID")
    await expect(page.getByLabel('Your user ID there')).toHaveValue('no id')
    await expectAccessible(page)

    await page.getByLabel('Your user ID there').fill(niels)
    await page.keyboard.press('Enter')
    await expect(page.getByLabel('Code')).toBeVisible()
    const { code } = await bot.messageTo(niels)
    await page.getByLabel('Code').fill('Vy8nFKq2')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText("That code didn't work")
    await expect(page.getByLabel('Code')).toHaveValue('')
    await expectAccessible(page)

    // Back to the ID and away again: the code is still pending.
    await page.getByRole('link', { name: 'Wrong ID?' }).click()
    await expect(page.getByLabel('Your user ID there')).toBeVisible()
    await page.getByRole('link', { name: 'Cancel' }).click()
    await page.getByLabel('Code').fill(code)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('status')).toContainText('Connected.')
  })

  test('a code that links logs nobody in', async ({ page, portal, browser }) => {
    const bot = await portal.registerBot('discord')
    portal.createOwner('alice')
    await logIn(page, 'alice')
    await page.getByRole('link', { name: 'Connect Discord' }).click()
    await page.getByLabel('Your user ID there').fill(niels)
    await page.keyboard.press('Enter')
    const { code } = await bot.messageTo(niels)
    const other = await elsewhere(browser, portal)
    await other.goto('/login/code')
    await typeCode(other, code)
    await expect(other.getByRole('alert')).toContainText("That code didn't work")
  })

  test('an account that is somebody else already is not linked', async ({ page, portal, browser }) => {
    const bot = await portal.registerBot('discord')
    await comeByCode(await elsewhere(browser, portal), bot)
    portal.createOwner('alice')
    await logIn(page, 'alice')
    await page.getByRole('link', { name: 'Connect Discord' }).click()
    await page.getByLabel('Your user ID there').fill(niels)
    await page.keyboard.press('Enter')
    await page.getByLabel('Code').fill((await bot.messageTo(niels)).code)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText('That account is already connected here')
    await expectAccessible(page)
  })

  test('nothing is too long for a small phone', async ({ page, portal }) => {
    const long = 'W'.repeat(64)
    const bot = await portal.registerBot('discord')
    portal.createOwner('a'.repeat(32))
    await page.setViewportSize({ width: 320, height: 640 })
    const expectNoScrolling = async () =>
      expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(320)
    await logIn(page, 'a'.repeat(32))
    await page.getByRole('link', { name: 'Connect Discord' }).click()
    await expectNoScrolling()
    await page.getByLabel('Your user ID there').fill(long)
    await page.keyboard.press('Enter')
    await expect(page.getByLabel('Code')).toBeVisible()
    await expectNoScrolling()
    await page.getByLabel('Code').fill((await bot.messageTo(long)).code)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('status')).toContainText('Connected.')
    bot.say(long, '/login', 'M'.repeat(64))
    await bot.messageTo(long)
    await page.reload()
    await expect(page.getByText('M'.repeat(64))).toBeVisible()
    await expectNoScrolling()
    await expectAccessible(page)
  })
})

test.describe('/confirm', () => {
  test('a wrong password is said, the right one leads to where one was going', async ({ page, portal }) => {
    portal.createOwner('alice')
    await logIn(page, 'alice')
    await expect(page).toHaveURL('/account')
    await page.goto('/confirm?return_to=/account%3Ftab%3D2')
    await expect(page).toHaveTitle("Confirm it's you · Portal")
    await expectAccessible(page)
    await confirm(page, 'not her password')
    await expect(page.getByRole('alert')).toHaveText('Wrong password. Try again.')
    await expect(page).toHaveTitle("Error: Confirm it's you · Portal")
    const field = page.getByLabel('Password', { exact: true })
    await expect(field).toHaveValue('')
    await expect(field).toBeFocused()
    await expect(field).toHaveAttribute('autocomplete', 'current-password')
    await expect(field).toHaveAccessibleDescription(/Wrong password/)
    await expectAccessible(page)
    await confirm(page)
    await expect(page).toHaveURL('/account?tab=2')
  })

  for (const foreign of ['https://evil.example', '//evil.example', '/\\evil.example']) {
    test(`${foreign} is no place to go on to`, async ({ page, portal }) => {
      portal.createOwner('alice')
      await logIn(page, 'alice')
      await page.goto(`/confirm?return_to=${encodeURIComponent(foreign)}`)
      await confirm(page)
      await expect(page).toHaveURL('/account')
    })
  }

  test('whoever is not logged in does that first', async ({ page, portal }) => {
    portal.createOwner('alice')
    await page.goto('/confirm?return_to=/account%3Ftab%3D2')
    await page.getByLabel('Username').fill('alice')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: "Confirm it's you" })).toBeVisible()
    await confirm(page)
    await expect(page).toHaveURL('/account?tab=2')
  })

  test('whoever came by a code is told that there is no password', async ({ page, portal }) => {
    const bot = await portal.registerBot('discord')
    await comeByCode(page, bot)
    await page.getByRole('button', { name: 'Disconnect Discord' }).click()
    await expect(page).toHaveURL(/\/confirm\?/)
    await expect(page.getByText("You don't have a password yet")).toBeVisible()
    await expect(page.getByLabel('Password', { exact: true })).toHaveCount(0)
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Back to your account' }).click()
    await expect(page.getByRole('listitem')).toContainText(niels)
  })
})

test.describe('/not-me', () => {
  test('to look at the link changes nothing', async ({ page, portal, browser }) => {
    const bot = await portal.registerBot('discord')
    await askFor(page, niels)
    const { code, notMe } = await bot.messageTo(niels)
    const other = await elsewhere(browser, portal)
    await other.goto(notMe)
    await expect(other.getByRole('button', { name: "That wasn't me" })).toBeVisible()
    await expectAccessible(other)
    await other.reload()
    await typeCode(page, code)
    await expect(page).toHaveURL('/account')
    await other.reload()
    await page.reload()
    await expect(page).toHaveURL('/account')
  })

  test('the button ends the code', async ({ page, portal, browser }) => {
    const bot = await portal.registerBot('discord')
    await askFor(page, niels)
    const { code, notMe } = await bot.messageTo(niels)
    const other = await elsewhere(browser, portal)
    await other.goto(notMe)
    await other.getByRole('button', { name: "That wasn't me" }).click()
    await expect(other.getByRole('status')).toContainText('That code no longer works')
    await expect(other.getByRole('button', { name: "That wasn't me" })).toHaveCount(0)
    expect(other.url()).not.toContain(notMe.split('/').at(-1))
    await expectAccessible(other)
    // With JavaScript, the waiting page has noticed by itself.
    await page.goto('/login/code')
    await typeCode(page, code)
    await expect(page.getByRole('alert')).toContainText("That code didn't work")
  })

  for (const [whose, come] of [['that was asked for here', comeByCode], ['of the bot', comeByBot]]) {
    test(`the button ends the session that a code ${whose} began`, async ({ page, portal, browser }) => {
      const bot = await portal.registerBot('discord')
      const other = await elsewhere(browser, portal)
      await comeByCode(other, bot)
      await logOut(other)
      const { notMe } = await come(page, bot)
      await other.goto(notMe)
      await other.getByRole('button', { name: "That wasn't me" }).click()
      await expect(other.getByRole('status')).toContainText('anyone who used it has been logged out')
      await page.reload()
      await expect(page).toHaveURL('/login?return_to=%2Faccount')
    })
  }

  for (const [what, garbled] of [['cut off', (link) => link.slice(0, -4)], ['something else', () => '/not-me/hello%3Cb%3E']]) {
    test(`a link that is ${what} says so`, async ({ page, portal }) => {
      const bot = await portal.registerBot('discord')
      await askFor(page, niels)
      const { code, notMe } = await bot.messageTo(niels)
      await page.goto(garbled(notMe))
      await page.getByRole('button', { name: "That wasn't me" }).click()
      await expect(page.getByRole('alert')).toContainText("This link doesn't work")
      await expect(page.getByRole('button', { name: "That wasn't me" })).toHaveCount(0)
      await expectAccessible(page)
      await page.goto('/login/code')
      await typeCode(page, code)
      await expect(page).toHaveURL('/account')
    })
  }
})

test.describe('the time that is left', () => {
  test('stands there, by the clock and in minutes', async ({ page, portal }) => {
    await portal.registerBot('discord')
    await askFor(page, niels)
    const text = page.getByText('Expires at')
    await expect(text).toContainText(/Expires at .*\d?\d:\d\d.* \(10 minutes left\)\./)
    const until = await text.locator('time').getAttribute('datetime')
    expect(Date.parse(until) - Date.now()).toBeGreaterThan(540_000)
    expect(Date.parse(until) - Date.now()).toBeLessThanOrEqual(600_000)
  })

  test('is counted down, and at its end the page asks the server', { tag: '@islands' }, async ({ page, portal }) => {
    await portal.registerBot('discord')
    await page.clock.install()
    await askFor(page, niels)
    const left = page.locator('[data-remaining]')
    // The countdown is running once it replaces this text.
    await left.evaluate((element) => (element.textContent = 'no time'))
    await expect(left).toHaveText('10 minutes')
    await page.clock.fastForward('04:00')
    await expect(left).toHaveText('6 minutes')
    await page.clock.fastForward('05:10')
    await expect(left).toHaveText(/^[1-5]?\d seconds$/)
    await expectAccessible(page)

    await page.evaluate(() => (window.isTheOldPage = true))
    const reloaded = page.waitForRequest((request) => request.isNavigationRequest() && request.method() === 'GET')
    await page.clock.fastForward('01:01')
    expect(new URL((await reloaded).url()).pathname).toBe('/login/request')
    await page.waitForFunction(() => !window.isTheOldPage)
    // On the server, no time has passed.
    await expect(left).toHaveText(/^(9|10) minutes$/)
  })
})
