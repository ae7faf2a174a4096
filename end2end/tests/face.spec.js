// The appearance of pages: languages, colours, keyboard, small screens, and metadata.
import { ExampleBot } from '../example-bot.js'
import { awake, expect, expectAccessible, logIn, password, test } from '../portal.js'

const niels = '123456789012345678'

async function askForCode(page) {
  await page.goto('/login/request?platform=discord')
  await page.getByLabel('User ID or username').fill(niels)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Check your direct messages' })).toBeVisible()
}

// Moves the focus to a control with the Tab key only.
async function tabTo(page, control) {
  for (let presses = 0; presses < 40; presses++) {
    if (await control.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('the Tab key does not lead there')
}

test.describe('in French', () => {
  test.use({ locale: 'fr-CH' })

  test('the browser says which language a person reads', async ({ page }) => {
    await page.goto('/login/code')
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
    await expect(page.getByRole('heading', { name: 'Se connecter avec un code' })).toBeVisible()
    await expectAccessible(page)
  })
})

test('a language is chosen at the foot of a page, and stays', async ({ page }) => {
  await page.goto('/login/code?return_to=%2Faccount')
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await expect(page).toHaveURL('/login/code?return_to=%2Faccount')
  await expect(page.getByRole('heading', { name: 'Mit einem Code anmelden' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Deutsch' })).toHaveAttribute('aria-pressed', 'true')
  await expectAccessible(page)
  await page.goto('/nope')
  await expect(page.getByRole('heading', { name: 'Seite nicht gefunden' })).toBeVisible()
})

for (const [name, scheme] of [['Light', 'light'], ['Dark', 'dark']]) {
  test(`${name} is chosen at the foot of a page, whatever the system has`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme === 'dark' ? 'light' : 'dark', reducedMotion: 'reduce' })
    await page.goto('/login')
    const colour = () => page.locator('body').evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    const before = await colour()
    await page.getByRole('button', { name }).click()
    await expect(page.locator('html')).toHaveAttribute('data-theme', scheme)
    expect(await colour()).not.toBe(before)
    await expectAccessible(page)
    await page.goto('/nope')
    await expect(page.locator('html')).toHaveAttribute('data-theme', scheme)
    await page.getByRole('button', { name: 'System' }).click()
    await expect(page.locator('html')).not.toHaveAttribute('data-theme', /.+/)
  })
}

test('a page that was chosen dark is never painted light', async ({ page, context }) => {
  await context.addCookies([{ name: '__Host-portal_theme', value: 'dark', domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }])
  await page.emulateMedia({ colorScheme: 'light' })
  // Before the style sheet loads, the page has the browser's own dark background.
  await page.route('**/*.css', (route) => route.fulfill({ contentType: 'text/css', body: '' }))
  await page.goto('/login')
  const ground = await page.locator('body').evaluate((body) => {
    body.style.setProperty('background', 'Canvas')
    return getComputedStyle(body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)
  })
  expect(Math.max(...ground)).toBeLessThan(50)
})

test('a login by code works by keyboard alone', async ({ page, portal }) => {
  const bot = await portal.registerBot('discord')
  await page.goto('/login')
  await tabTo(page, page.getByRole('link', { name: 'Discord' }))
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('User ID or username')).toBeFocused()
  await page.keyboard.type(niels)
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Code')).toBeFocused()
  await page.keyboard.type((await bot.messageTo(niels)).code)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account')
  await tabTo(page, page.getByRole('button', { name: 'Log out', exact: true }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').first()).toHaveText("You're logged out.")
})

test('the first Tab offers to skip to the content', async ({ page, portal }) => {
  portal.createOwner('alice')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to content' })
  await expect(skip).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('main')).toBeFocused()
})

test('language and colours are chosen by keyboard alone', async ({ page }) => {
  await page.goto('/login')
  await tabTo(page, page.getByRole('button', { name: 'Français' }))
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
  await tabTo(page, page.getByRole('button', { name: 'Sombre' }))
  await page.keyboard.press('Space')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

test('a session that ended is said where one comes back', async ({ page, portal }) => {
  portal.createOwner('alice')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  // As another server or a revocation would end it.
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const ended = await fetch(`${portal.url}/v1/authentication/logout`, { method: 'POST', headers: { cookie: cookies } })
  expect(ended.status).toBe(200)
  await page.goto('/account')
  await expect(page.getByText('Your session has ended.')).toBeVisible()
  await expectAccessible(page)
  await logInHere(page)
  await expect(page).toHaveURL('/account')
})

async function logInHere(page) {
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
}

test('who waits for a code hears when the bot comes', async ({ page, portal, javaScriptEnabled }) => {
  portal.createOwner('keeper')
  const { api_key: key } = portal.run(['bot', 'register', '--name', 'Hansel', '--platform', 'discord', '--owner', 'keeper'])
  await askForCode(page)
  await expect(page.getByText('Hansel is offline')).toBeVisible()
  await expectAccessible(page)
  const bot = new ExampleBot({ url: portal.url, key, platform: 'discord', name: 'Hansel' })
  portal.bots.push(bot)
  await bot.start()
  if (!javaScriptEnabled) await page.getByRole('link', { name: 'Check again' }).click()
  await expect(page.getByText("We've asked Hansel to message you.")).toBeVisible({ timeout: 10_000 })
  await expectAccessible(page)
})

test.describe('what scripts add', { tag: '@islands' }, () => {
  test('a connection that is gone is said, and the form stays', async ({ page, context }) => {
    await page.goto('/login')
    await awake(page)
    await page.getByLabel('Username').fill('alice')
    await page.getByLabel('Password', { exact: true }).fill('something')
    await context.setOffline(true)
    await expect(page.getByText("You're offline.")).toBeVisible()
    await page.getByRole('button', { name: 'Log in' }).click()
    await expect(page.getByLabel('Username')).toHaveValue('alice')
    await expect(page).toHaveURL('/login')
    await context.setOffline(false)
    await expect(page.getByText("You're offline.")).toBeHidden()
  })

  test('a form that is on its way says so, and is sent once', async ({ page, portal }) => {
    portal.createOwner('alice')
    await page.goto('/login')
    let sent = 0
    await page.route('**/do/sign-in', async (route) => {
      sent += 1
      await new Promise((resolve) => setTimeout(resolve, 500))
      await route.continue()
    })
    await page.getByLabel('Username').fill('alice')
    await page.getByLabel('Password', { exact: true }).fill(password)
    const button = page.getByRole('button', { name: 'Log in' })
    await button.evaluate((element) => {
      element.click()
      element.click()
    })
    await expect(page).toHaveURL('/account')
    expect(sent).toBe(1)
  })

  test.describe('far from Greenwich', () => {
    test.use({ timezoneId: 'Asia/Tokyo', locale: 'de-DE' })
    test('times are the person\'s own', async ({ page, portal }) => {
      portal.createOwner('alice')
      await page.goto('/login')
      await page.locator('#identifier').fill('alice')
      await page.locator('#password').fill(password)
      await page.keyboard.press('Enter')
      await expect(page).toHaveURL('/account')
      const time = page.locator('time').first()
      const moment = new Date(await time.getAttribute('datetime'))
      const shown = new Intl.DateTimeFormat('de-DE', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Asia/Tokyo' }).format(moment)
      await expect(time).toHaveText(shown)
      await expect(time).toHaveAttribute('title', /UTC$/)
    })
  })
})

// Every text colour on every background, for accents all around the colour wheel: WCAG AA, in both themes.
test.describe('the colours', { tag: '@islands' }, () => {
  test('whatever accent is chosen, text stays readable', async ({ page }) => {
    test.slow()
    await page.goto('/nope')
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme })
      const worst = await page.evaluate(() => {
        const pairs = [
          ['--text', '--bg'], ['--text', '--surface'], ['--text', '--bg-inset'],
          ['--text-muted', '--bg'], ['--text-muted', '--bg-lighter'], ['--text-muted', '--bg-lightest'],
          ['--text-muted', '--surface'], ['--text-muted', '--bg-inset'],
          ['--accent-text', '--surface'], ['--accent-text', '--bg'], ['--accent-text', '--accent-bg'],
          ['--on-accent', '--accent-fill'], ['--on-accent', '--accent-fill-hover'],
          ['--danger', '--surface'], ['--danger', '--danger-bg'], ['--on-danger', '--danger'],
        ]
        const root = document.documentElement
        const probe = document.body.appendChild(document.createElement('p'))
        const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })
        const luminance = (token) => {
          probe.style.setProperty('color', `var(${token})`)
          canvas.fillStyle = getComputedStyle(probe).color
          canvas.fillRect(0, 0, 1, 1)
          const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((channel) => {
            const c = channel / 255
            return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
          })
          return 0.2126 * r + 0.7152 * g + 0.0722 * b
        }
        let worst = { ratio: 21 }
        for (let hue = 0; hue < 360; hue += 15) {
          for (const [saturation, lightness] of [[100, 25], [100, 45], [60, 35], [10, 40], [0, 0]]) {
            const accent = `hsl(${hue} ${saturation}% ${lightness}%)`
            root.style.setProperty('--accent', accent)
            for (const [text, ground] of pairs) {
              const [one, other] = [luminance(text), luminance(ground)]
              const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
              if (ratio < worst.ratio) worst = { ratio, accent, text, ground }
            }
          }
        }
        return worst
      })
      expect(worst.ratio, JSON.stringify(worst)).toBeGreaterThanOrEqual(4.5)
    }
  })
})
