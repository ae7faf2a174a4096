// Runs the example bot (examples/bot) as its author would, and exchanges direct messages with it.
import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const program = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../examples/bot/bot.mjs')

// A direct message, with the code, the link that reports the code, and the first link, if it has them.
class Message {
  constructor(to, text) {
    this.to = to
    this.text = text
    this.code = text.match(/^Your code to .*: ([1-9A-HJ-NP-Za-km-z]{8})\./)?.[1]
    this.notMe = text.match(/^Not you\? (\S+)$/m)?.[1]
    this.link = text.match(/https?:\/\/\S+/)?.[0]
  }
}

export class ExampleBot {
  constructor({ url, key, platform, name }) {
    this.settings = { PATH: process.env.PATH, PORTAL_URL: url, PORTAL_BOT_KEY: key, PLATFORM: platform }
    this.name = name
  }

  // Resolves once the bot receives events.
  async start() {
    this.messages = [] // those that no test has read yet
    this.log = []
    this.news = new EventEmitter().setMaxListeners(0)
    this.process = spawn(process.execPath, [program], { env: this.settings, stdio: 'pipe' })
    this.process.on('exit', () => this.news.emit('news'))
    let text = []
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      const [, to, said] = line.match(/^to (\S+): (.*)$/) ?? []
      if (to) return text.push({ to, said })
      this.messages.push(new Message(text[0]?.to, text.map(({ said }) => said).join('\n')))
      text = []
      this.news.emit('news')
    })
    createInterface({ input: this.process.stderr }).on('line', (line) => {
      this.log.push(line)
      this.news.emit('news')
    })
    await this.until(() => this.log.find((line) => line.startsWith('bot: listening to')), 'did not hear the portal')
  }

  // Waits until `found` returns a value, checking after each message and log line.
  async until(found, complaint, milliseconds = 10_000) {
    const signal = AbortSignal.timeout(milliseconds)
    for (;;) {
      const result = found()
      if (result) return result
      if (this.ended || signal.aborted) {
        const why = this.ended ? 'it has ended' : `within ${milliseconds / 1000} s`
        const others = this.messages.map(({ to, text }) => `to ${to}: ${text}`)
        throw new Error([`the bot ${complaint} (${why}); it logged:`, ...this.log, 'and wrote:', ...others].join('\n  '))
      }
      await once(this.news, 'news', { signal }).catch(() => {})
    }
  }

  get ended() {
    return this.process.exitCode !== null || this.process.signalCode !== null
  }

  // Sends the bot a direct message.
  say(userId, text, name = 'niels') {
    this.process.stdin.write(`${userId} ${name}: ${text}\n`)
  }

  // The next direct message to a user.
  async messageTo(userId) {
    const isNext = ({ to }) => to === userId
    await this.until(() => this.messages.some(isNext), `wrote nothing to ${userId}`)
    return this.messages.splice(this.messages.findIndex(isNext), 1)[0]
  }

  // Calls the API with the bot's key, for results that appear in no message.
  async api(route, userId) {
    const { PORTAL_URL, PORTAL_BOT_KEY, PLATFORM } = this.settings
    const answer = await fetch(`${PORTAL_URL}/v1/authentication/bot/${route}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': PORTAL_BOT_KEY },
      body: JSON.stringify({ platform: PLATFORM, platform_user_id: userId, platform_username: 'niels', platform_avatar_url: '' }),
    })
    return answer.json()
  }

  async stop() {
    if (this.ended) return
    this.process.kill()
    await once(this.process, 'exit')
  }
}
