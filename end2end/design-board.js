// Renders the design system on one page: every token of style/tokens.css, as computed by the browser, and the
// components. Runs in a page of Portal, so it uses the style sheet that visitors get.
export function drawBoard() {
  const element = (name, set = {}, ...inner) => {
    const made = document.createElement(name)
    for (const [key, value] of Object.entries(set)) key in made ? (made[key] = value) : made.setAttribute(key, value)
    made.append(...inner)
    return made
  }
  const styled = (made, style) => {
    for (const [name, value] of Object.entries(style)) made.style.setProperty(name, value)
    return made
  }
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
  // The rules are inside layers, the tokens on :root.
  const all = rules.flatMap((rule) => (rule.cssRules?.length && !rule.style?.length ? [rule, ...rule.cssRules] : [rule]))
  const root = all.filter((rule) => rule.selectorText === ':root')
  const names = [...new Set(root.flatMap((rule) => [...rule.style].filter((name) => name.startsWith('--'))))]
  if (names.length < 30) throw new Error(`only ${names.length} tokens were found`)

  const grid = (width) => styled(element('div'), { display: 'grid', gap: '16px', 'grid-template-columns': `repeat(auto-fill, minmax(${width}, 1fr))` })
  const named = (sample, name) => element('div', {}, sample, styled(element('div', { textContent: name }), { 'font-size': '13px', color: 'var(--text-muted)', 'margin-top': '4px' }))
  const section = (title, inner) => styled(element('section', {}, element('h2', { textContent: title }), inner), { 'margin-bottom': '40px' })

  const isSize = (name) => /^--(font|space|radius|content|control|duration|shadow)/.test(name)
  const colours = grid('150px')
  for (const name of names.filter((name) => !isSize(name))) {
    const sample = styled(element('div'), { height: '56px', 'border-radius': 'var(--radius-m)', border: '1px solid var(--border)', background: `var(${name})` })
    colours.append(named(sample, name))
  }
  const type = element('div')
  for (const name of names.filter((name) => name.startsWith('--font-size-'))) {
    type.append(styled(element('p', { textContent: `${name} · We sent you a code` }), { 'font-size': `var(${name})`, margin: '0 0 8px' }))
  }
  type.append(styled(element('p', { textContent: '--font-mono · 7KQ2MRXA' }), { 'font-family': 'var(--font-mono)' }))
  const sizes = grid('150px')
  for (const name of names.filter((name) => name.startsWith('--space-'))) {
    sizes.append(named(styled(element('div'), { width: `var(${name})`, height: '24px', background: 'var(--accent-fill)' }), name))
  }
  for (const name of names.filter((name) => name.startsWith('--radius-'))) {
    sizes.append(named(styled(element('div'), { width: '80px', height: '56px', background: 'var(--bg-inset)', border: '1px solid var(--border-strong)', 'border-radius': `var(${name})` }), name))
  }
  sizes.append(named(styled(element('div'), { width: '80px', height: '56px', background: 'var(--surface)', 'box-shadow': 'var(--shadow)', 'border-radius': 'var(--radius-m)' }), '--shadow'))

  const buttons = styled(element('div'), { display: 'flex', gap: '12px', 'flex-wrap': 'wrap' })
  for (const [kind, words] of [['primary', 'Log in'], ['secondary', 'I already have a code'], ['quiet', 'Log out'], ['danger', 'Delete my account']]) {
    buttons.append(element('button', { className: `button button-${kind}`, textContent: words }))
  }
  buttons.append(element('button', { className: 'button button-primary', textContent: 'Log in', disabled: true }))
  buttons.append(element('button', { className: 'button button-primary', textContent: 'Log in', 'aria-busy': 'true' }))
  const field = (label, value, error) => {
    const input = element('input', { className: 'field-input', value, 'aria-label': label })
    if (error) input.setAttribute('aria-invalid', 'true')
    const parts = [element('span', { className: 'field-label', textContent: label }), element('div', { className: 'field-control' }, input)]
    parts.push(element('span', { className: error ? 'field-error' : 'field-hint', textContent: error ?? '15 characters or more' }))
    return element('div', { className: 'field' }, ...parts)
  }
  const fields = grid('280px')
  fields.append(field('Username', 'mara.lind'), field('Password', 'short', 'Use 15 characters or more.'))
  const notices = styled(element('div'), { display: 'grid', gap: '12px' })
  for (const [kind, words] of [['', 'Something to know.'], [' notice-success', 'Password saved.'], [' notice-warning', 'You have 2 recovery codes left.'], [' notice-error', 'Wrong username or password.']]) {
    notices.append(element('div', { className: `notice${kind}`, textContent: words }))
  }
  const badges = styled(element('div'), { display: 'flex', gap: '8px' })
  for (const [kind, words] of [['', 'Member'], [' badge-accent', 'Owner'], [' badge-danger', 'Banned']]) {
    badges.append(element('span', { className: `badge${kind}`, textContent: words }))
  }
  const board = styled(element('main'), { 'max-width': '900px', margin: '0 auto', padding: '32px', display: 'block' })
  board.append(
    section('Colour', colours), section('Type', type), section('Space, radius, shadow', sizes), section('Buttons', buttons),
    section('Fields', fields), section('Notices', notices), section('Badges', badges),
  )
  document.body.replaceChildren(board)
}
