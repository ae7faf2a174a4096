import { awake, expect, expectAccessible, password, test } from '../portal.js'

test('the first owner is made by the printed link', async ({ page, portal }) => {
  expect(portal.setUpLink).toContain('/setup?token=')
  await page.goto(portal.setUpLink)
  await expect(page).toHaveURL('/setup')
  await expectAccessible(page)
  await page.getByLabel('Username').fill('Alice')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page).toHaveURL('/account')
  await expect(page.getByText('Owner')).toBeVisible()

  await page.goto(portal.setUpLink)
  await expect(page.getByRole('heading', { name: "This link no longer works" })).toBeVisible()
})

test('a refused name is said at its field, and stays', async ({ page, portal }) => {
  await page.goto(portal.setUpLink)
  await page.getByLabel('Username').fill('---')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  const field = page.getByLabel('Username')
  await expect(field).toHaveValue('---')
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(field).toHaveAccessibleDescription(/Use only letters \(a–z\)/)
  await expect(field).toBeFocused()
  await expectAccessible(page)
})

test('a password that is too short is not even sent', async ({ page, portal }) => {
  await page.goto(portal.setUpLink)
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password', { exact: true }).fill('too short')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page).toHaveURL('/setup')
  expect(await page.locator('#password').evaluate((input) => input.validity.tooShort)).toBe(true)
})

test('a link from the command line settles the name', async ({ page, portal }) => {
  portal.createOwner('alice')
  const { set_up_link } = portal.run(['owner', 'create', '--username', 'Bob', '--link'])
  await page.goto(set_up_link)
  await expect(page.getByLabel('Username')).toHaveValue('Bob')
  await expect(page.getByLabel('Username')).toHaveAttribute('readonly', '')
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('heading', { name: 'Bob' })).toBeVisible()
})

test('without a link one is told how to get one', async ({ page }) => {
  const answer = await page.goto('/setup')
  expect(answer.status()).toBe(410)
  await expect(page.getByText('portal owner create --username NAME --link')).toBeVisible()
  await expectAccessible(page)
})

test.describe('the islands', { tag: '@islands' }, () => {
  test('what is missing is counted while one types', async ({ page, portal }) => {
    await page.goto(portal.setUpLink)
    await awake(page)
    const field = page.getByLabel('Password', { exact: true })
    await field.fill('fourteen chars')
    await expect(page.getByText('14\u202f/\u202f15', { exact: true })).toBeVisible()
    await field.fill('heron green ti\u0301n')
    await expect(page.getByRole('status').filter({ hasText: 'OK' })).toBeAttached()
    await page.getByLabel('Username').fill('al ice')
    await field.focus()
    await expect(page.getByText('Letters, numbers, . _ - only', { exact: true })).toBeVisible()
    await expectAccessible(page)
  })
})
