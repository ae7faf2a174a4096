// Browser tests: each scenario runs with and without JavaScript, and on SQLite and PostgreSQL. Browsers don't
// see the database, and server/tests/web covers the forms on both, so each engine gets one of the two;
// PORTAL_BROWSER_MATRIX=1 runs all combinations (make matrix).
import { defineConfig } from '@playwright/test'

const chromium = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-software-rasterizer', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
}

const project = (engine, javaScriptEnabled) => ({
  name: `${engine}, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`,
  use: { engine, javaScriptEnabled },
  // Without JavaScript: forms and redirects, but neither features that need it nor the look of pages.
  grepInvert: javaScriptEnabled ? undefined : /@islands/,
  testIgnore: javaScriptEnabled || process.env.PORTAL_BROWSER_MATRIX ? [] : ['every-page.spec.js', 'hostile.spec.js'],
})

export default defineConfig({
  testDir: 'tests',
  outputDir: '../test-results',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: 2,
  // Generous for slow machines; a test that hangs still fails.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: { browserName: 'chromium', contextOptions: { reducedMotion: 'reduce' }, launchOptions: chromium, trace: 'retain-on-failure' },
  projects: [
    project('sqlite', true),
    project('postgres', false),
    ...(process.env.PORTAL_BROWSER_MATRIX ? [project('sqlite', false), project('postgres', true)] : []),
  ],
})
