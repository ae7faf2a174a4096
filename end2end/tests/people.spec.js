import { expect, expectAccessible, logIn, password, test } from '../portal.js'

async function elsewhere(browser, portal) {
  const context = await browser.newContext({ baseURL: portal.url })
  return context.newPage()
}

const row = (page, name) => page.getByRole('listitem').filter({ hasText: name })

test.describe('the profile', () => {
  test('is edited, and says what is wrong where it is', async ({ page, portal }) => {
    test.slow()
    portal.createOwner('alice')
    portal.createOwner('bob')
    await logIn(page, 'alice')
    await page.getByText('Edit profile').click()
    await expectAccessible(page)
    await page.getByLabel('Username').fill('b0b')
    await page.getByLabel('Display name').fill('Alice Liddell')
    await page.getByLabel('About you').fill('Curiouser\nand curiouser!')
    await page.getByLabel('Links').fill('example.org')
    await page.getByRole('button', { name: 'Save' }).click()

    await expect(page.getByRole('alert')).toContainText("Some changes weren't saved")
    await expect(page).toHaveTitle('Error: Your account · Portal')
    const username = page.getByLabel('Username')
    await expect(username).toBeFocused()
    await expect(username).toHaveValue('b0b')
    await expect(username).toHaveAccessibleDescription(/looks too much like someone else's here/)
    await expect(page.getByLabel('Links')).toHaveValue('example.org')
    await expect(page.getByLabel('Links')).toHaveAccessibleDescription(/starting with https/)
    // The valid fields are saved.
    await expect(page.getByRole('heading', { name: 'Alice Liddell' })).toBeVisible()
    await expectAccessible(page)

    await username.fill('Alice.L')
    await page.getByLabel('Links').fill('https://example.org\n\nhttps://wonder.example/land')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toHaveText('Saved.')
    await expect(page.getByText('@Alice.L')).toBeVisible()
    await expect(page.getByText('and curiouser!').first()).toBeVisible()
    const link = page.getByRole('link', { name: 'wonder.example/land' })
    await expect(link).toHaveAttribute('href', 'https://wonder.example/land')
    await expect(link).toHaveAttribute('rel', /noopener/)
    await expectAccessible(page)
  })

  test('is emptied again', async ({ page, portal }) => {
    portal.createOwner('alice')
    await logIn(page, 'alice')
    await page.getByText('Edit profile').click()
    await page.getByLabel('Display name').fill('The Queen')
    await page.getByLabel('About you').fill('Hi!')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('heading', { name: 'The Queen' })).toBeVisible()
    await page.getByText('Edit profile').click()
    await page.getByLabel('Display name').fill('')
    await page.getByLabel('About you').fill('')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('heading', { name: 'alice' })).toBeVisible()
    await expect(page.getByText('Hi!')).toHaveCount(0)
  })
})

test.describe('sessions', () => {
  test('are seen, and end at a click', async ({ page, portal, browser }) => {
    portal.createOwner('alice')
    const other = await elsewhere(browser, portal)
    await logIn(other, 'alice')
    await expect(other).toHaveURL('/account')
    await logIn(page, 'alice')
    await page.goto('/account/security')
    await expect(row(page, 'last used')).toHaveCount(2)
    await expect(row(page, 'This device')).toHaveCount(1)
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Log out of / }).click()
    await expect(page.getByRole('status').first()).toHaveText('Session logged out.')
    await expect(row(page, 'last used')).toHaveCount(1)
    await page.getByText('Past sessions').click()
    await expect(page.getByText('logged out by you')).toBeVisible()
    await expectAccessible(page)
    await other.reload()
    await expect(other).toHaveURL('/login?return_to=%2Faccount')
  })

  test('end all together but for this one', async ({ page, portal, browser }) => {
    portal.createOwner('alice')
    const others = [await elsewhere(browser, portal), await elsewhere(browser, portal)]
    for (const other of others) {
      await logIn(other, 'alice')
      await expect(other).toHaveURL('/account')
    }
    await logIn(page, 'alice')
    await page.goto('/account/security')
    await page.getByRole('button', { name: 'Log out all other sessions' }).click()
    await expect(page.getByRole('status').first()).toHaveText("You've been logged out everywhere else.")
    for (const other of others) {
      await other.reload()
      await expect(other).toHaveURL('/login?return_to=%2Faccount')
    }
  })
})

test.describe('one’s data', () => {
  test('is kept as a file', async ({ page, portal }) => {
    portal.createOwner('alice')
    await logIn(page, 'alice')
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download my data' }).click()
    expect((await downloading).suggestedFilename()).toBe('account.json')
  })

  test('is deleted after one more question', async ({ page, portal }) => {
    portal.createOwner('keeper')
    portal.createOwner('alice')
    await logIn(page, 'alice')
    await page.getByRole('link', { name: 'Delete account' }).click()
    await expect(page.getByRole('heading', { name: 'Delete your account?' })).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Delete my account' }).click()
    await expect(page.getByRole('status').first()).toContainText('Your account and everything stored about you have been deleted')
    await logIn(page, 'alice', password)
    await expect(page.getByRole('alert')).toContainText('Wrong username or password')
  })

  test('stays where it is the last owner’s', async ({ page, portal }) => {
    portal.createOwner('alice')
    await logIn(page, 'alice')
    await page.goto('/account/delete')
    await page.getByRole('button', { name: 'Delete my account' }).click()
    await expect(page.getByRole('alert')).toContainText("You're the only owner")
    await expectAccessible(page)
  })
})
