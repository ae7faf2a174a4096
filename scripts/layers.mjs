// Checks that the files of each crate import each other without cycles, and that the imports of `backend`
// follow its layers (docs/ARCHITECTURE.md, "Layers").
//
// An import is a `use` of a path in the same crate, or such a path in the code. A re-export counts as the
// file that defines the item, so a cycle can't hide behind a `pub use`. Unit tests don't count: they are
// above all layers.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const CRATES = ['domain', 'backend', 'frontend', 'app', 'server', 'bench']

// From the bottom up. An entry is a folder or file below backend/src; the longest match decides. A file may
// import its own layer and those below it.
const LAYERS = [
    ['error', 'clock', 'pagination'],
    ['crypto'],
    ['store/confusables', 'store/private_files', 'store/sql'],
    ['store/tables'],
    ['store'],
    // The parts of `Portal`, which don't know it.
    [
        'bots/key', 'bots/event_hub', 'config', 'login_codes/deliverable', 'login_codes/pending',
        'login_codes/report_token', 'mail/message', 'mail/sender', 'mail/service', 'mail/smtp_url', 'mail/template',
        'mail/transport', 'ops/secret_file', 'passwords/common', 'passwords/hasher', 'passwords/pool',
        'rate_limit/invalid_keys', 'rate_limit/window', 'second_factor/qr', 'second_factor/recovery_codes', 'second_factor/totp',
    ],
    ['portal'],
    ['audit'],
    ['mail', 'rate_limit'],
    ['sessions'],
    ['admin', 'audit/query'],
    ['second_factor'],
    ['passwords'],
    ['accounts'],
    ['login_codes'],
    ['login', 'bots', 'ops'],
    ['lib', 'testing'],
]

const problems = []

for (const crate of CRATES) {
    const files = readCrate(crate)
    const arrows = new Map([...files.keys()].map((module) => [module, importsOf(module, files)]))
    for (const circle of circles(arrows)) {
        problems.push(`${crate}: a circle of ${circle.length} files`)
        for (const from of circle) {
            for (const to of arrows.get(from)) {
                if (circle.includes(to)) problems.push(`    ${files.get(from).path} -> ${files.get(to).path}`)
            }
        }
    }
    if (crate === 'backend') checkLayers(files, arrows)
}

if (problems.length) {
    console.error(problems.join('\n'))
    process.exit(1)
}
console.log('no circle of imports; no import against the layers of backend')

/** The files of a crate by their module path (`store::sql::database`); the root is ''. */
function readCrate(crate) {
    const root = join(crate, 'src')
    const files = new Map()
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !entry.name.endsWith('.rs') || entry.name === 'main.rs') continue
        const path = join(entry.parentPath, entry.name)
        const name = path.slice(root.length + 1, -'.rs'.length).replace(/(^|\/)mod$/, '').replace(/^lib$/, '')
        files.set(name.replaceAll('/', '::'), { path, text: codeOf(readFileSync(path, 'utf8')) })
    }
    if (!files.has('')) files.set('', { path: join(root, 'main.rs'), text: codeOf(readFileSync(join(root, 'main.rs'), 'utf8')) })
    for (const file of files.values()) {
        file.uses = [...file.text.matchAll(/^[ \t]*(pub(?:\([a-z ]+\))? )?use ([^;]+);/gm)]
            .flatMap(([, visibility, tree]) => expand(tree).map((path) => ({ path, isPublic: Boolean(visibility) })))
    }
    return files
}

/** A file without comments, strings and unit tests. */
function codeOf(text) {
    const tests = text.search(/^#\[cfg\((?:all\()?test\b[^\n]*\]\nmod /m)
    return (tests < 0 ? text : text.slice(0, tests))
        .replace(/^#\[cfg\(test\)\]\n[^\n]*;$/gm, '')
        .replace(/pub\(in [^)]*\)/g, 'pub')
        .replace(/\/\/[^\n]*/g, '')
        .replace(/"(?:[^"\\]|\\.)*"/gs, '""')
}

/** `a::{b, c::{self, D as E}}` as `a::b`, `a::c`, `a::c::D as E`. */
function expand(tree) {
    const flat = tree.replace(/\s+/g, ' ').trim()
    const open = flat.indexOf('{')
    if (open < 0) return flat ? [flat] : []
    const prefix = flat.slice(0, open)
    const parts = []
    let depth = 0
    let part = ''
    for (const char of flat.slice(open + 1, flat.lastIndexOf('}'))) {
        if (char === '{') depth++
        if (char === '}') depth--
        if (char === ',' && depth === 0) {
            parts.push(part)
            part = ''
        } else part += char
    }
    parts.push(part)
    return parts.flatMap(expand).map((path) =>
        path === 'self' || path.startsWith('self as ') ? prefix.replace(/::$/, '') : prefix + path)
}

/** The modules of the same crate that a module imports. */
function importsOf(module, files) {
    const { text, uses } = files.get(module)
    const found = new Set()
    const inline = [...text.matchAll(/\b((?:crate|super)(?:::[A-Za-z_][A-Za-z_0-9]*)+)/g)].map(([path]) => path)
    for (const path of [...uses.map((use) => use.path), ...inline]) {
        const target = resolve(path, module, files)
        if (target !== null && target !== module) found.add(target)
    }
    return found
}

/** The module that defines the item of a path; null outside the crate. */
function resolve(path, module, files, seen = new Set()) {
    let segments = path.replace(/ as .*$/, '').split('::')
    let at = module
    if (segments[0] === 'crate') {
        at = ''
        segments = segments.slice(1)
    } else if (segments[0] === 'super' || segments[0] === 'self') {
        while (segments[0] === 'super') {
            at = at.split('::').slice(0, -1).join('::')
            segments = segments.slice(1)
        }
        if (segments[0] === 'self') segments = segments.slice(1)
    } else if (!files.has(join2(module, segments[0]))) {
        return null
    }
    while (segments.length && files.has(join2(at, segments[0]))) {
        at = join2(at, segments[0])
        segments = segments.slice(1)
    }
    if (!segments.length || !files.has(at)) return files.has(at) ? at : null
    const key = `${at} ${segments[0]}`
    if (seen.has(key)) return at
    seen.add(key)
    for (const { path: exported } of files.get(at).uses.filter((use) => use.isPublic)) {
        const name = exported.match(/ as (\w+)$/)?.[1] ?? exported.split('::').at(-1)
        if (name === segments[0]) return resolve(exported, at, files, seen) ?? at
    }
    return at
}

function join2(module, name) {
    return module ? `${module}::${name}` : name
}

/** Strongly connected components of more than one module (Tarjan). */
function circles(arrows) {
    const index = new Map()
    const low = new Map()
    const stack = []
    const found = []
    const visit = (module) => {
        index.set(module, index.size)
        low.set(module, index.get(module))
        stack.push(module)
        for (const next of arrows.get(module)) {
            if (!index.has(next)) visit(next)
            if (stack.includes(next)) low.set(module, Math.min(low.get(module), low.get(next)))
        }
        if (low.get(module) !== index.get(module)) return
        const circle = stack.splice(stack.indexOf(module))
        if (circle.length > 1) found.push(circle)
    }
    for (const module of arrows.keys()) if (!index.has(module)) visit(module)
    return found
}

function layerOf(module) {
    const path = module.replaceAll('::', '/') || 'lib'
    const matches = LAYERS.flatMap((entries, layer) => entries
        .filter((entry) => path === entry || path.startsWith(`${entry}/`))
        .map((entry) => [entry.length, layer]))
    return matches.sort(([a], [b]) => b - a)[0]?.[1]
}

function checkLayers(files, arrows) {
    for (const [from, targets] of arrows) {
        if (layerOf(from) === undefined) problems.push(`${files.get(from).path}: belongs to no layer`)
        for (const to of targets) {
            if (layerOf(to) > layerOf(from)) problems.push(`backend: ${files.get(from).path} -> ${files.get(to).path} runs against the layers`)
        }
    }
}
