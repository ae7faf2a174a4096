import { codeOf } from '../authenticator.js'
import { awake, elsewhere, expect, expectAccessible, expectFitsSmallPhone, logIn, logOut, password, test } from '../portal.js'

const address = 'ann@example.org'

async function fill(page, { username = 'ann', email = address, display = '', typed = password } = {}) {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Display name').fill(display)
  await page.getByLabel('Password', { exact: true }).fill(typed)
}

const send = (page) => page.getByRole('button', { name: 'Create account' }).click()

async function register(page, fields) {
  await page.goto('/register')
  await fill(page, fields)
  await send(page)
}

// Ann, who has just registered.
async function ann(page) {
  await register(page)
  await expect(page).toHaveURL('/account?message=registered')
}

async function confirm(page, portal, whose = address) {
  const { link } = await portal.mailTo(whose, 'Confirm your email address')
  await page.goto(link)
  await page.getByRole('button', { name: 'Confirm this address' }).click()
  await expect(page.getByRole('status').first()).toContainText('Email confirmed.')
}

const card = (page, name) => page.getByRole('region', { name, exact: true })

test.describe('/register', () => {
  test('a person makes an account, confirms the address, and comes back', async ({ page, portal }) => {
    await page.goto('/login')
    await page.getByRole('link', { name: 'Create an account' }).click()
    await expect(page).toHaveTitle('Create an account · Portal')
    await expect(page.getByLabel('Username')).toBeFocused()
    await expectAccessible(page)
    await expectFitsSmallPhone(page)
    await fill(page, { display: 'Ann Öström' })
    await send(page)
    await expect(page.getByRole('status').first()).toContainText('Welcome! Check your email and open the link to confirm your address.')
    await expect(page.getByRole('heading', { name: 'Ann Öström' })).toBeVisible()
    await expect(page.getByText('@ann', { exact: true })).toBeVisible()
    await page.goto('/account/security')
    await expect(card(page, 'Email')).toContainText(`We emailed ${address}`)

    const { link } = await portal.mailTo(address, 'Confirm your email address')
    await page.goto(link)
    // The token is no longer in the address bar.
    await expect(page).toHaveURL('/email')
    await expect(page.getByRole('main')).toContainText(`Email for the account ann will be sent to ${address}`)
    await expectAccessible(page)
    await expectFitsSmallPhone(page)
    await page.getByRole('button', { name: 'Confirm this address' }).click()
    await expect(page.getByRole('status').first()).toContainText('Email confirmed.')
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Go to your account' }).click()
    await expect(card(page, 'Email')).toContainText(`Account email goes to ${address}`)

    await logOut(page)
    await logIn(page, 'ANN')
    await expect(page).toHaveURL('/account')
  })

  test('password managers and phones find what they look for', async ({ page }) => {
    await page.goto('/register')
    await expect(page.getByLabel('Username')).toHaveAttribute('autocomplete', 'username')
    await expect(page.getByLabel('Email')).toHaveAttribute('autocomplete', 'email')
    await expect(page.getByLabel('Email')).toHaveAttribute('type', 'email')
    await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('autocomplete', 'new-password')
  })

  const refusals = [
    ['a common password', { typed: 'passwordpassword' }, 'Password', /too easy to guess/],
    ['a password made of one’s name', { username: 'marianne', typed: 'marianne-marianne' }, 'Password', /based on your name/],
    // The browser counts these as sixteen characters.
    ['a password too short', { typed: '🦦'.repeat(8) }, 'Password', /at least 15 characters/],
    ['a username that is taken', { username: 'Alice' }, 'Username', /is taken/],
    ['a username that looks like another', { username: 'a1ice' }, 'Username', /looks too much like someone else's here/],
    ['a reserved username', { username: 'administrator' }, 'Username', /isn't available/],
    ['a display name that looks like another', { display: 'Alíce' }, 'Display name (optional)', /looks too much like someone else's here/],
    ['a display name too short', { display: 'An' }, 'Display name (optional)', /at least 3 characters/],
    ['an address that is none', { email: 'ann.@example.org' }, 'Email', /Enter a valid email address/],
  ]
  test('what is wrong is said where it was typed, and the rest comes back', async ({ page, portal }) => {
    test.slow()
    portal.createOwner('alice')
    await page.goto('/register')
    for (const [what, fields, label, sentence] of refusals) {
      await test.step(what, async () => {
        const typed = { username: 'ann', email: address, display: 'Ann Öström', ...fields }
        await fill(page, typed)
        await send(page)
        await expect(page).toHaveTitle('Error: Create an account · Portal')
        await expect(page.locator(':focus')).toHaveAccessibleName(label)
        await expect(page.locator(':focus')).toHaveAccessibleDescription(sentence)
        await expect(page.getByLabel('Username')).toHaveValue(typed.username)
        await expect(page.getByLabel('Email')).toHaveValue(typed.email)
        await expect(page.getByLabel('Display name')).toHaveValue(typed.display)
        const secret = page.getByLabel('Password', { exact: true })
        await expect(secret).toHaveValue('')
        await expect(secret).toHaveAttribute('type', 'password')
        expect(decodeURIComponent(page.url())).not.toContain(typed.typed ?? password)
      })
    }
    await expectAccessible(page)
    await expectFitsSmallPhone(page)
    await fill(page)
    await send(page)
    await expect(page).toHaveURL('/account?message=registered')
  })

  test('the browser itself holds back what is too short', async ({ page }) => {
    await page.goto('/register')
    const asked = []
    page.on('request', (request) => asked.push(request.method()))
    for (const [fields, label] of [[{ typed: 'fourteen chars' }, 'Password'], [{ username: 'a b' }, 'Username']]) {
      await fill(page, fields)
      await send(page)
      const field = page.getByLabel(label, { exact: true })
      await expect(field).toBeFocused()
      expect(await field.evaluate((input) => input.validity.valid)).toBe(false)
    }
    expect(asked).not.toContain('POST')
  })

  test('one gets where one was going', async ({ page, portal }) => {
    portal.createOwner('alice')
    await page.goto('/login?return_to=/account/security')
    await page.getByRole('link', { name: 'Create an account' }).click()
    await fill(page, { username: 'alice' })
    await send(page)
    await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/is taken/)
    await fill(page)
    await send(page)
    await expect(page).toHaveURL('/account/security')
    await page.goto('/register')
    await expect(page).toHaveURL('/account')
  })

  test('whose address it is, is told to nobody', async ({ page, portal, browser }) => {
    await ann(page)
    await confirm(page, portal)
    const other = await elsewhere(browser, portal)
    await register(other, { username: 'mallory' })
    await expect(other).toHaveURL('/account?message=registered')
  })

  test('a network that makes many accounts has to wait', async ({ page }) => {
    for (let n = 0; n < 5; n++) {
      const made = await page.request.post('/api/auth/register', {
        data: { username: `person${n}`, email: `person${n}@example.org`, password },
      })
      expect(made.status()).toBe(200)
    }
    await page.context().clearCookies()
    await register(page)
    await expect(page.getByRole('alert')).toContainText('Too many accounts were created from your network')
    await expect(page.getByLabel('Username')).toHaveValue('ann')
    await expectAccessible(page)
  })

  test.describe('where sign-up is off', () => {
    test.use({ settings: { PORTAL_SIGN_UP: 'off' } })

    test('there is no way to it, and the page says so', async ({ page, portal }) => {
      portal.createOwner('alice')
      await page.goto('/login')
      await expect(page.getByRole('link', { name: 'Create an account' })).toHaveCount(0)
      const answer = await page.goto('/register')
      expect(answer.status()).toBe(403)
      await expect(page.getByText('Sign-up is closed right now.')).toBeVisible()
      await expect(page.getByRole('button', { name: 'Create account' })).toHaveCount(0)
      await expectAccessible(page)
    })
  })

  test.describe('the islands', { tag: '@islands' }, () => {
    test('help while one types', async ({ page }) => {
      await page.goto('/register')
      await awake(page)
      const username = page.getByLabel('Username')
      const note = page.locator('.field-note').first()
      for (const [typed, words] of [
        ['an', 'Too short'],
        ['ann öström', 'Letters, numbers, . _ - only'],
        ['admin', 'Reserved'],
      ]) {
        await username.fill(typed)
        await username.press('Tab')
        await expect(note).toContainText(words)
      }
      await username.fill('ann')
      await username.press('Tab')
      await expect(note).toBeEmpty()

      const secret = page.locator('#password')
      const strength = page.locator('.field-note', { hasText: /./ })
      for (const [typed, words] of [
        ['fourteen chars', '14\u202f/\u202f15'],
        ['qwertyuiopasdfgh', 'Easy to guess'],
        [password, 'Strong'],
      ]) {
        await secret.fill(typed)
        await expect(strength).toHaveText(words)
      }
      await page.getByRole('button', { name: 'Show password' }).click()
      await expect(secret).toHaveAttribute('type', 'text')
      await expect(secret).toHaveValue(password)
      await expectAccessible(page)

      // Whether shown or hidden, it is sent as a password, and the account is created.
      await page.getByLabel('Email').fill(address)
      await send(page)
      await expect(page).toHaveURL('/account?message=registered')
    })
  })
})

test.describe('the address', () => {
  test('is set, written to again, and confirmed on another machine', async ({ page, portal, browser }) => {
    portal.createOwner('alice')
    await logIn(page, 'alice')
    await expect(page).toHaveURL('/account')
    await page.goto('/account/security')
    const email = card(page, 'Email')
    await expect(email).toContainText('A confirmed address lets you reset your password')
    await email.getByLabel('Email').fill('alice.@example.org')
    await page.getByRole('button', { name: 'Send confirmation link' }).click()
    await expect(email.getByLabel('Email')).toHaveAccessibleDescription(/Enter a valid email address/)
    await expect(email.getByLabel('Email')).toHaveValue('alice.@example.org')
    await expectAccessible(page)
    await email.getByLabel('Email').fill('alice@example.org')
    await page.getByRole('button', { name: 'Send confirmation link' }).click()
    await expect(page.getByRole('status').first()).toContainText('Check that inbox and open the link to confirm it.')
    await expect(email).toContainText('We emailed alice@example.org')
    await expectAccessible(page)
    const first = await portal.mailTo('alice@example.org', 'Confirm your email address')
    await page.getByRole('button', { name: 'Resend email' }).click()
    await expect(page.getByRole('status').first()).toContainText('Check that inbox and open the link to confirm it.')
    const second = await portal.mailTo('alice@example.org', 'Confirm your email address')

    const other = await elsewhere(browser, portal)
    await other.goto(first.link)
    await expect(other.getByText("This link has expired or was already used")).toBeVisible()
    await expectAccessible(other)
    await other.goto(second.link)
    await other.getByRole('button', { name: 'Confirm this address' }).click()
    await expect(other.getByRole('status').first()).toContainText('Email confirmed.')
    await other.getByRole('link', { name: 'Go to login' }).click()
    await expect(other).toHaveURL('/login')
    await page.goto('/account/security')
    await expect(email).toContainText('Account email goes to alice@example.org')
  })

  test('is changed, and the old one hears of it', async ({ page, portal }) => {
    await ann(page)
    await confirm(page, portal)
    await page.goto('/account/security')
    await page.getByLabel('New email').fill('ann.new@example.org')
    await page.getByRole('button', { name: 'Change email' }).click()
    // Until the link is opened, nothing changes.
    const email = card(page, 'Email')
    await expect(email).toContainText(`Account email goes to ${address}`)
    await expect(email).toContainText('We emailed ann.new@example.org')
    await confirm(page, portal, 'ann.new@example.org')
    await page.goto('/account/security')
    await expect(email).toContainText('Account email goes to ann.new@example.org')
    const { text } = await portal.mailTo(address, 'Your Portal email address was changed')
    expect(text).toContain('a***@example.org')
  })

  test('that somebody else has confirmed first is theirs', async ({ page, portal, browser }) => {
    await ann(page)
    const { link } = await portal.mailTo(address, 'Confirm your email address')
    const other = await elsewhere(browser, portal)
    await register(other, { username: 'bob' })
    await expect(other).toHaveURL('/account?message=registered')
    await confirm(other, portal)
    await page.goto(link)
    await page.getByRole('button', { name: 'Confirm this address' }).click()
    await expect(page.getByRole('alert')).toContainText('That email belongs to another account here')
    await expectAccessible(page)
  })
})

test.describe('codes by mail', () => {
  test.use({ settings: { PORTAL_EMAIL_FACTOR: 'on' } })

  // Ann, logged in, with email codes enabled; returns her recovery codes.
  async function withCodesByMail(page, portal) {
    await ann(page)
    await confirm(page, portal)
    await page.goto('/account/security')
    await page.getByRole('button', { name: 'Turn on email codes' }).click()
    await expect(page.getByRole('status').first()).toContainText('Email codes turned on')
    return card(page, 'Your recovery codes').getByRole('listitem').allTextContents()
  }

  async function sendCode(page, portal, name = 'Send code') {
    await page.getByRole('button', { name, exact: true }).click()
    await expect(page.getByRole('status').first()).toContainText('Code sent.')
    return (await portal.mailTo(address, 'Your code for Portal')).code
  }

  // Any other code.
  const wrong = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

  test('take a confirmed address', async ({ page }) => {
    await ann(page)
    await page.goto('/account/security')
    await expect(card(page, 'Email codes')).toContainText('Confirm your email first')
    await expect(page.getByRole('button', { name: 'Turn on email codes' })).toHaveCount(0)
  })

  test('are a second step', async ({ page, portal }) => {
    test.slow()
    const codes = await withCodesByMail(page, portal)
    expect(codes).toHaveLength(10)
    await expectAccessible(page)
    await expectFitsSmallPhone(page)
    await portal.mailTo(address, 'A two-factor method was added')
    await logOut(page)

    await page.goto('/login?return_to=/account/security')
    await page.getByLabel('Username').fill('ann')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Two-factor authentication' })).toBeVisible()
    // Before a code is requested, no email is sent and no field is shown.
    await expect(page.getByLabel('Code from the email')).toHaveCount(0)
    await expect(page.getByRole('link', { name: 'Use your authenticator app' })).toHaveCount(0)
    await expectAccessible(page)
    const code = await sendCode(page, portal)
    await expect(page.getByText('a***@example.org')).toBeVisible()
    await expect(page.getByText(address)).toHaveCount(0)
    const field = page.getByLabel('Code from the email')
    await expect(field).toBeFocused()
    await expect(field).toHaveAttribute('autocomplete', 'one-time-code')
    await expect(field).toHaveAttribute('inputmode', 'numeric')
    await expect(page.getByText('10 minutes left')).toBeVisible()
    await expectAccessible(page)
    await expectFitsSmallPhone(page)
    await field.fill(wrong(code))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText('only the latest one counts')
    await expect(page).toHaveTitle('Error: Two-factor authentication · Portal')
    await expect(field).toHaveAccessibleDescription(/That code didn't work/)
    await expectAccessible(page)

    // Only the latest one works.
    const latest = await sendCode(page, portal, 'Resend code')
    if (latest !== code) {
      await field.fill(code)
      await page.keyboard.press('Enter')
      await expect(page.getByRole('alert')).toContainText("That code didn't work")
    }
    await field.fill(latest)
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL('/account/security')
    await expect(card(page, 'Email codes')).toContainText('10 of 10 recovery codes left')
  })

  test('work in one place, once', async ({ page, portal, browser }) => {
    await withCodesByMail(page, portal)
    await logOut(page)
    await logIn(page, 'ann')
    const code = await sendCode(page, portal)
    // Another person who knows the password can't use a code of this login.
    const other = await elsewhere(browser, portal)
    await logIn(other, 'ann')
    await other.getByRole('button', { name: 'Send code', exact: true }).click()
    const theirs = await portal.mailTo(address, 'Your code for Portal')
    await other.getByLabel('Code from the email').fill(code === theirs.code ? wrong(code) : code)
    await other.keyboard.press('Enter')
    await expect(other.getByRole('alert')).toContainText("That code didn't work")

    await page.getByLabel('Code from the email').fill(code)
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL('/account')
    await logOut(page)
    await logIn(page, 'ann')
    await sendCode(page, portal)
    await page.getByLabel('Code from the email').fill(code)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText("That code didn't work")
  })

  test('are sent a few times, and then one waits', async ({ page, portal }) => {
    const codes = await withCodesByMail(page, portal)
    await logOut(page)
    await logIn(page, 'ann')
    await sendCode(page, portal)
    for (let n = 0; n < 2; n++) await sendCode(page, portal, 'Resend code')
    await page.getByRole('button', { name: 'Resend code' }).click()
    await expect(page.getByRole('alert')).toContainText("We've already sent several codes")
    await expectAccessible(page)
    // A recovery code works at any time.
    await page.getByRole('link', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(codes[0])
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL('/account')
  })

  test('stand beside an app, and one goes from one to the other', async ({ page, portal }) => {
    test.slow()
    await withCodesByMail(page, portal)
    await page.goto('/account/security')
    const other = await sendCode(page, portal)
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
    const key = await page.locator('p', { hasText: 'Key: ' }).getByRole('code').textContent()
    const app = card(page, 'Authenticator app')
    await expectAccessible(page)
    await expect(app).toContainText("You'll get new recovery codes")
    await app.getByLabel('6-digit code from the app').fill(codeOf(key))
    await app.getByLabel('Code from your email, or a recovery code').fill(other)
    await page.getByRole('button', { name: 'Turn on', exact: true }).click()
    await expect(page.getByRole('status').first()).toContainText('Authenticator app turned on')
    // New ones replace those shown when email codes were enabled.
    const codes = await card(page, 'Your recovery codes').getByRole('listitem').allTextContents()
    await logOut(page)

    await logIn(page, 'ann')
    // The stronger factor comes first.
    await expect(page.getByLabel('Authentication code')).toBeFocused()
    await page.getByRole('link', { name: 'Email me a code' }).click()
    const code = await sendCode(page, portal)
    await page.getByRole('link', { name: 'Use your authenticator app' }).click()
    await expect(page.getByLabel('Authentication code')).toBeVisible()
    await page.getByRole('link', { name: 'Use a recovery code' }).click()
    await expect(page.getByLabel('Recovery code')).toBeFocused()
    await expectAccessible(page)
    await page.getByLabel('Recovery code').fill('not one of them')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText("That code didn't work")
    await expect(page.getByLabel('Recovery code')).toBeFocused()
    // The code in the email is still valid.
    await page.getByRole('link', { name: 'Email me a code' }).click()
    await page.getByLabel('Code from the email').fill(code)
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL('/account')
    await logOut(page)

    // With spaces, as typed from paper.
    await logIn(page, 'ann')
    await page.getByRole('link', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(` ${codes[3].replaceAll('-', ' ')} `)
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL('/account')
    await portal.mailTo(address, 'A recovery code was used')
    await logOut(page)
    // It is used up.
    await logIn(page, 'ann')
    await page.getByRole('link', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(codes[3])
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText("That code didn't work")
  })

  test('are switched off with one of them', async ({ page, portal }) => {
    await withCodesByMail(page, portal)
    const code = await sendCode(page, portal)
    const codes = card(page, 'Email codes')
    await codes.getByLabel('Code from your email').fill(wrong(code))
    await codes.getByRole('button', { name: 'Turn off email codes' }).click()
    await expect(page.getByRole('alert')).toContainText("That code didn't work")
    await codes.getByLabel('Code from your email').fill(code)
    await codes.getByRole('button', { name: 'Turn off email codes' }).click()
    await expect(page.getByRole('status').first()).toContainText('Email codes turned off')
    await logOut(page)
    await logIn(page, 'ann')
    await expect(page).toHaveURL('/account')
  })
})
