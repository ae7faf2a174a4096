// A portal's bot in one file: read it to write your own. A terminal takes the place of the chat,
// so the last part is what you replace; the rest is the same on every platform. See README.md.
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const portal = (process.env.PORTAL_URL ?? 'http://localhost:3000').replace(/\/+$/, '')
const key = process.env.PORTAL_BOT_KEY?.trim() ?? ''
const platform = process.env.PLATFORM ?? 'discord'
const { host } = new URL(portal)

const log = (text) => console.error(`bot: ${text}`) // never the key, never a code
const wait = (seconds = 60) => (seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`)
const reason = (error) => error.cause?.message ?? error.message
const stop = (why) => process.exit(log(why) ?? 1)
// Names and whatever else strangers choose: no line breaks, no invisible characters.
const plain = (text) => String(text).replace(/\p{C}/gu, '')

// --- What people are told -------------------------------------------------------------------

// A browser can call itself anything, also "Firefox. Not you? https://evil.example". So only words
// of ours are shown, the first that fits: Edge and Opera also say Chrome, and Chrome says Safari.
function browser(userAgent) {
  const first = (words) => Object.entries(words).find(([sign]) => userAgent?.includes(sign))?.[1]
  const name = first({ Firefox: 'Firefox', Edg: 'Edge', OPR: 'Opera', Chrom: 'Chrome', Safari: 'Safari' })
  const system = first({ Android: 'Android', iPhone: 'iPhone', iPad: 'iPad', Windows: 'Windows', Mac: 'Mac', Linux: 'Linux' })
  return `${name ?? 'unknown browser'} on ${system ?? 'unknown system'}`
}

// Who asked, and what for, stands beside the code, so that nobody lets a stranger in by mistake.
function tellCode(userId, { code, expires_at, requested_from, purpose, not_me_url }) {
  const act = purpose === 'link' ? `connect this ${platform} account` : 'log in'
  const until = new Date(expires_at).toISOString().slice(11, 16)
  const asked = requested_from && `Requested from ${plain(requested_from.network)} (${browser(requested_from.user_agent)}).`
  const notMe = not_me_url && `Not you? ${not_me_url}`
  tell(userId, `Your code to ${act}: ${code}. It expires at ${until} UTC. Enter it only on ${host}.`, asked, notMe)
}

// --- Somebody writes /login -----------------------------------------------------------------

async function ask(route, { id, name }) {
  const answer = await fetch(`${portal}/v1/authentication/bot/${route}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-API-Key': key },
    body: JSON.stringify({
      platform,
      platform_user_id: id, // a string: these numbers are too long for JavaScript's
      platform_username: [...plain(name).trim()].slice(0, 100).join('') || id,
      platform_avatar_url: '', // the address of their picture, where the platform has one
    }),
    redirect: 'error', // the key is for this host alone
    signal: AbortSignal.timeout(10_000),
  })
  const not_me_url = answer.headers.get('link')?.match(/<([^>]+)>; rel="not-me"/)?.[1] // of send-code
  return { status: answer.status, not_me_url, ...(await answer.json()) }
}

async function onLogin(person) {
  let answer = await ask('send-code', person)
  // Somebody new, or somebody who has to log in on the web this time: did they ask there?
  if (answer.status === 404 || answer.status === 403) answer = await ask('login-code', person)
  if (answer.status === 429) return tell(person.id, `Too many requests. Try again in ${wait(answer.retry_after)}.`)
  if (answer.status === 403) return tell(person.id, `You can't log in with a code. Contact the team of ${host}.`)
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.error} (${answer.correlation_id})`)
  // `pending` may hold a code that links an account where `code`, which logs in, is null.
  if (!answer.code && !answer.pending?.length) {
    const query = new URLSearchParams({ platform, platform_user_id: person.id })
    return tell(person.id, `No code is waiting for you. Request one here: ${portal}/login/request?${query}`)
  }
  // Each with where it was asked for: only the person knows which browser is theirs.
  for (const code of answer.pending ?? [answer]) tellCode(person.id, code)
}

// --- Somebody asks on the web, and the portal tells us: server-sent events -------------------

// The events of a stream, however it is cut into chunks: a \r at a chunk's end waits for its \n.
async function* eventsIn(chunks, alive) {
  let [rest, id, event, data] = ['', '', '', []]
  for await (const chunk of chunks) {
    alive()
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop()
    for (const line of lines) {
      const [, field, value] = line.match(/^([^:]*)(?:: ?)?(.*)$/s)
      if (field === 'id') id = value
      if (field === 'event') event = value
      if (field === 'data') data.push(value)
      if (line !== '') continue // a comment has a field without name; an empty line ends the event
      if (data.length) yield { id, event, data: data.join('\n') }
      ;[event, data] = ['', []]
    }
  }
}

let [failures, lastId] = [0, '']
const seen = new Set() // a resumed stream may repeat events

async function listen() {
  const connection = new AbortController()
  const { signal } = connection
  // There is at least a comment every 15 s.
  const silence = setTimeout(() => connection.abort(new Error('silent for 40 s')), 40_000)
  const alive = () => silence.refresh() && (failures = 0)
  try {
    const headers = { 'X-API-Key': key, ...(lastId && { 'Last-Event-ID': lastId }) }
    const answer = await fetch(`${portal}/v1/bot/events`, { headers, redirect: 'error', signal })
    if (answer.status === 401 || answer.status === 403) stop(`${host} refuses the key: wrong, replaced, or its bot is deactivated`)
    if (!answer.ok) throw new Error(`status ${answer.status}`)
    log(`listening to ${host}`)
    // With the signal once more: in Node 20 that of fetch can get lost once the headers are there.
    const chunks = answer.body.pipeThrough(new TextDecoderStream(), { signal })
    for await (const { id, event, data } of eventsIn(chunks, alive)) {
      lastId = id
      if (event !== 'login_code.requested' || seen.has(id)) continue
      if (seen.add(id).size > 1000) seen.delete(seen.values().next().value) // the oldest
      const code = JSON.parse(data)
      if (code.platform === platform) tellCode(code.platform_user_id, code)
    }
    log('the event stream ended')
  } catch (error) {
    log(`the event stream: ${reason(error)}`)
  } finally {
    clearTimeout(silence)
  }
}

// --- The chat: what you write for your platform ---------------------------------------------

// Always a direct message, never into a channel: a code is for nobody else.
function tell(userId, ...lines) {
  console.log(lines.filter(Boolean).map((line) => `to ${plain(userId)}: ${line}\n`).join(''))
}

if (!/^[!-~]+$/.test(key)) stop('PORTAL_BOT_KEY is missing: `portal bot register` prints the key')

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [, id, name] = line.match(/^([!-~]{1,64}) (.*): \/(?:login|otp)\s*$/) ?? []
    if (!id) return
    onLogin({ id, name }).catch((error) => {
      log(reason(error))
      tell(id, "I can't reach the portal right now. Try again in a minute.")
    })
  })
  .on('close', () => process.exit())

for (;;) {
  await listen()
  // 1, 2, 4 … 60 seconds, and not all bots at the same moment.
  await sleep(Math.min(60_000, 1000 * 2 ** failures++) * (0.5 + Math.random() / 2))
}
