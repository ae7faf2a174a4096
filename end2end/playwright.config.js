// Browser tests: each scenario with JavaScript on and off, and on SQLite and PostgreSQL. Browsers see nothing
// of the database, and the forms are tested on both by server/tests/web, so each engine has one of the two;
// PORTAL_BROWSER_MATRIX=1 crosses them (make matrix).
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
  // What only JavaScript adds.
  grepInvert: javaScriptEnabled ? undefined : /@islands/,
})

export default defineConfig({
  testDir: 'tests',
  outputDir: '../test-results',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: 2,
  // A machine may be slow; what hangs is found all the same.
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
