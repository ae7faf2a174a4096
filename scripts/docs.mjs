// The two steps of scripts/docs around mdbook.
//
//   node scripts/docs.mjs stage FOLDER         copies the pages of docs/SUMMARY.md into FOLDER/src
//   node scripts/docs.mjs index FOLDER BOOK    writes llms.txt and the Markdown pages into BOOK
//
// mdbook copies its whole source folder, so it gets a folder with only pages and images. Pages keep their
// paths, so links between them work as in the repository. A broken link or anchor is an error; a link to a
// file that isn't a page becomes plain text. A path in backticks that names a file of the repository must
// exist too.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { apiReference } from './api-reference.mjs'

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'))
const generated = { 'docs/api-reference.md': () => apiReference(readFileSync('server/openapi.json', 'utf8')) }
const summary = readFileSync('docs/SUMMARY.md', 'utf8')
// Title and path of each page, relative to the repository.
const pages = [...summary.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, title, to]) => ({ title, path: normalize(join('docs', to)) }))
const isPage = (path) => pages.some((page) => page.path === path)
// Folders that the repository doesn't contain.
const generatedFolders = new Set(['target', 'data', 'node_modules', '.tools'])
const problems = []

function put(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function anchors(text) {
  const seen = new Map()
  const headings = text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} +(.+?) *$/gm)
  return [...headings].map(([, heading]) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    const slug = plain.toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count ? `${slug}-${count}` : slug
  })
}

// A path in backticks names a file of the repository if it has a folder and an extension, and a folder of it
// if it begins like one at the top. Patterns and placeholders (`<page>.rs`, `*.ftl`) are no paths.
function checkPaths(path, text) {
  for (const [, code] of text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)) {
    if (!/^[\w.-]+(\/[\w.-]+)+\/?$/.test(code)) continue
    const [top] = code.split('/')
    const isFile = /\/[\w-][\w.-]*\.[a-z]+\d?$/.test(code)
    if (generatedFolders.has(top) || !(isFile || existsSync(top))) continue
    if (!existsSync(code)) problems.push(`${path}: there is no ${code}`)
  }
}

// The text of a page with its links checked; `copies` collects the images it shows.
function staged(path, text, texts, copies) {
  const target = (to) => normalize(join(dirname(path), to))
  const copied = (to) => {
    copies.add(target(to))
    if (!existsSync(target(to))) problems.push(`${path}: there is no ${to}`)
  }
  for (const [, to] of text.matchAll(/(?:src|srcset)="([^":]+)"/g)) copied(to)
  return text.replace(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (link, image, label, to) => {
    if (/^[a-z]+:/.test(to)) return link
    if (image) {
      copied(to)
      return link
    }
    const [file, anchor] = to.split('#')
    const goal = file ? target(file) : path
    if (isPage(goal)) {
      if (anchor && !anchors(texts.get(goal)).includes(anchor)) problems.push(`${path}: ${goal} has no heading #${anchor}`)
      return link
    }
    // A link to a folder means its README.
    const readme = join(goal, 'README.md')
    if (isPage(readme)) return `[${label}](${relative(dirname(path), readme)})`
    if (/\.(png|svg|txt)$/.test(goal)) {
      copied(file)
      return link
    }
    if (!existsSync(goal)) problems.push(`${path}: there is no ${to}`)
    return label
  })
}

function stage(folder) {
  const texts = new Map(pages.map(({ path }) => [path, generated[path]?.() ?? readFileSync(path, 'utf8')]))
  const copies = new Set()
  for (const [path, text] of texts) {
    if (!generated[path]) checkPaths(path, text)
    put(join(folder, 'src', path), staged(path, text, texts, copies))
  }
  if (problems.length) {
    for (const problem of problems) console.error(`docs: ${problem}`)
    process.exit(1)
  }
  const atTop = summary.replace(/\]\(([^)]+)\)/g, (_, to) => `](${normalize(join('docs', to))})`)
  put(join(folder, 'src/SUMMARY.md'), atTop)
  for (const file of copies) {
    mkdirSync(dirname(join(folder, 'src', file)), { recursive: true })
    copyFileSync(file, join(folder, 'src', file))
  }
  copyFileSync('docs/book.toml', join(folder, 'book.toml'))
}

// https://llmstxt.org: a title, a summary, and a list of links with a sentence each.
function index(folder, book) {
  const lines = []
  for (const line of summary.split('\n')) {
    const heading = line.match(/^# (.+)/)?.[1]
    if (heading) lines.push(...(heading === 'Summary' ? [] : ['', `## ${heading}`, '']))
    const [, title, to] = line.match(/\[([^\]]+)\]\(([^)]+)\)/) ?? []
    if (!to) continue
    const path = normalize(join('docs', to))
    const text = readFileSync(join(folder, 'src', path), 'utf8')
    put(join(book, path), text)
    // The first two sentences.
    const first = text.split(/\n{2,}/).find((part) => /^[\p{L}\[]/u.test(part)) ?? ''
    const paragraph = first.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\s+/g, ' ').trim()
    const words = paragraph.split(/(?<=\.) (?=[A-Z\x60])/).slice(0, 2).join(' ')
    if (path === 'README.md') lines.push('# Portal', '', `> ${words}`)
    else lines.push(`- [${title}](${path}): ${words}`)
  }
  put(join(book, 'llms.txt'), `${lines.join('\n')}\n`)
}

const [step, ...folders] = process.argv.slice(2)
const steps = { stage, index }
if (!steps[step]) throw new Error('usage: node scripts/docs.mjs stage FOLDER | index FOLDER BOOK')
steps[step](...folders)
