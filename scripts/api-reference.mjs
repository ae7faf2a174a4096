// Turns server/openapi.json into a page of Markdown: apiReference(text), or
//
//   node scripts/api-reference.mjs             prints it
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Discord's IDs have more digits than JavaScript's numbers: they travel as marked strings.
const read = (text) => JSON.parse(text.replace(/([:[,]\s*)(\d{16,})(?=\s*[,}\]])/g, '$1"@$2@"'))
const write = (value) => JSON.stringify(value, null, 2).replace(/"@(\d+)@"/g, '$1')
const cell = (text) => (text ?? '').replaceAll('|', '\\|').replace(/\s+/g, ' ').trim()

export function apiReference(text) {
  const document = read(text)
  const resolve = (value) => {
    if (!value?.$ref) return value
    const found = value.$ref.replace(/^#\//, '').split('/').reduce((part, key) => part?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document)
    if (!found) throw new Error(`openapi.json: ${value.$ref} leads nowhere`)
    return found
  }

  function type(schema) {
    if (schema?.$ref) return type(resolve(schema))
    if (schema?.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ')
    const choices = schema?.oneOf ?? schema?.anyOf
    if (choices) return choices.map(type).join(' or ')
    const kinds = [schema?.type ?? 'any'].flat()
    const names = kinds.map((kind) => (kind === 'array' ? `array of ${type(schema.items)}` : kind === 'string' && schema.format ? `string (${schema.format})` : kind))
    return names.join(' or ')
  }

  const table = (head, rows) => ['', `| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows.map((row) => `| ${row.join(' | ')} |`), '']
  const fields = (schema) => {
    const { properties = {}, required = [] } = resolve(schema) ?? {}
    return Object.entries(properties).map(([name, field]) => [`\`${name}\``, type(field), required.includes(name) ? 'yes' : 'no', cell(resolve(field).description)])
  }
  const example = ([kind, { example: value } = {}]) => {
    if (value === undefined) return []
    return kind === 'application/json' ? ['', '```json', write(value), '```'] : ['', '```text', String(value).trimEnd(), '```']
  }
  const credentials = {
    session: 'session cookie', companion: 'companion cookie', bearer: 'bearer token', botKey: 'bot key',
  }
  const callers = (security) => {
    const ways = (security ?? document.security ?? []).map((way) => Object.keys(way).map((name) => credentials[name] ?? name).join(' and '))
    return ways.length ? ways.join(', or ') : 'none'
  }

  function operation(method, path, { summary, description, security, parameters = [], requestBody, responses }) {
    const lines = ['', `### ${method.toUpperCase()} ${path}`, '', `${summary ?? ''}${/[.!?]$/.test(summary ?? '.') ? '' : '.'}`]
    if (description) lines.push('', description)
    lines.push('', `Credentials: ${callers(security)}.`)
    const given = parameters.map(resolve)
    if (given.length) {
      lines.push(...table(['parameter', 'in', 'type', 'required', 'description'],
        given.map((one) => [`\`${one.name}\``, one.in, type(one.schema), one.required ? 'yes' : 'no', cell(one.description)])))
    }
    for (const [kind, content] of Object.entries(resolve(requestBody)?.content ?? {})) {
      lines.push('', `Request body, \`${kind}\`:`)
      const rows = fields(content.schema)
      if (rows.length) lines.push(...table(['field', 'type', 'required', 'description'], rows))
      lines.push(...example([kind, content]))
    }
    const answers = Object.entries(responses ?? {}).map(([status, answer]) => [status, resolve(answer)])
    const done = answers.filter(([status]) => status.startsWith('2'))
    for (const [status, answer] of done) {
      for (const content of Object.entries(answer.content ?? {})) lines.push('', `Response ${status}:`, ...example(content))
    }
    const errors = answers.filter(([status]) => !status.startsWith('2'))
    if (errors.length) lines.push(...table(['status', 'meaning'], errors.map(([status, answer]) => [status, cell(answer.description)])))
    return lines
  }

  const lines = [
    '# API reference', '',
    `This page is for authors of bots, services and programs. It lists every route with its fields and examples, made from \`server/openapi.json\` (OpenAPI ${document.openapi}).`,
    '[API](API.md) explains how to use them, and the [contract](contract.md) has the exact rules.',
  ]
  for (const { name, description } of document.tags ?? []) {
    lines.push('', `## ${name[0].toUpperCase()}${name.slice(1)}`, '', `${cell(description)}.`)
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, details] of Object.entries(methods)) {
        if (details.tags?.[0] === name) lines.push(...operation(method, path, details))
      }
    }
  }
  const listed = new Set((document.tags ?? []).map(({ name }) => name))
  const lost = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).filter(([, one]) => !listed.has(one.tags?.[0])).map(([method]) => `${method} ${path}`))
  if (lost.length) throw new Error(`openapi.json: no tag lists ${lost.join(', ')}`)
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n').trim()}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(apiReference(readFileSync(join(dirname(process.argv[1]), '../server/openapi.json'), 'utf8')))
}
