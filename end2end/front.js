// A TLS proxy for several web sites on one machine, each under its real name: Portal, and the pages of an
// attacker.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request as forward } from 'node:http'
import { createServer } from 'node:https'
import { join } from 'node:path'

export class Front {
  // Portal's responses: method, path, status, origin of the request, cookies sent, and cookies set.
  answers = []

  // `pages` maps a host name to the HTML that it serves.
  async start({ folder, portal, host, pages }) {
    const files = ['key.pem', 'cert.pem'].map((name) => join(folder, name))
    const made = spawnSync('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', `/CN=${host}`, '-addext', `subjectAltName=${[host, ...Object.keys(pages)].map((name) => `DNS:${name}`)}`,
      '-keyout', files[0], '-out', files[1],
    ])
    if (made.status !== 0) throw new Error(String(made.stderr))
    const [key, cert] = files.map((file) => readFileSync(file))
    // Portal itself rejects headers that are too large.
    this.server = createServer({ key, cert, maxHeaderSize: 1024 * 1024 }, (asked, answer) => {
      if (asked.headers.host !== host) {
        answer.setHeader('content-type', 'text/html')
        return answer.end(pages[asked.headers.host] ?? '')
      }
      const headers = { ...asked.headers, 'x-forwarded-for': '203.0.113.7' }
      const passed = forward(`${portal}${asked.url}`, { method: asked.method, headers }, (said) => {
        this.answers.push({
          method: asked.method,
          path: asked.url,
          status: said.statusCode,
          origin: asked.headers.origin,
          cookies: asked.headers.cookie ?? '',
          given: said.headers['set-cookie'] ?? [],
        })
        answer.writeHead(said.statusCode, said.headers)
        said.pipe(answer)
      })
      passed.on('error', () => answer.writeHead(502).end())
      asked.pipe(passed)
    })
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    this.port = this.server.address().port
  }

  stop() {
    this.server.closeAllConnections()
    this.server.close()
  }
}
