import { expect, expectAccessible, logIn, test } from '../portal.js'

for (const path of ['/login', '/login?message=signed-out', '/nope']) {
  test(`${path} is accessible in both colour schemes`, async ({ page }) => {
    await page.goto(path)
    await expectAccessible(page)
  })
}

test('the account page is accessible in both colour schemes', async ({ page, portal }) => {
  portal.createOwner('alice')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  await expectAccessible(page)
})

test('an unknown address has a way on', async ({ page }) => {
  const answer = await page.goto('/nope')
  expect(answer.status()).toBe(404)
  await page.getByRole('link', { name: 'Go to the home page' }).click()
  await expect(page).toHaveURL('/login')
})

test('a form that another site sends is refused with a page that says so', async ({ page, portal, context }) => {
  portal.createOwner('alice')
  await context.route('http://evil.localhost/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${portal.url}/do/sign-in"><input name="identifier" value="alice"><button>Go</button></form>`,
    }))
  await page.goto('http://evil.localhost/')
  await page.getByRole('button').click()
  await expect(page.getByRole('heading', { name: "That form didn't come from this site" })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Go to the home page' }).click()
  await expect(page).toHaveURL('/login')
})

test('when the server comes back, everything goes on', async ({ page, portal }) => {
  portal.createOwner('alice')
  await logIn(page, 'alice')
  await expect(page).toHaveURL('/account')
  await portal.stop()
  await portal.serve()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Alice', exact: false })).toBeVisible()
})
