// SPDX-License-Identifier: EUPL-1.2
// Makes the one stylesheet of the pages: the part of KERN UX that the templates use, then our own layer.
// Usage: node web/build-styles.mjs OUTPUT KERN_CSS OWN_CSS TEMPLATE_FOLDER...
//
// From KERN a rule stays if every class of its selector occurs in a template, a script or our own layer; fonts, other
// themes and custom properties that nothing refers to any more go. Same input, same output.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [output, kernPath, ownPath, ...folders] = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: build-styles.mjs OUTPUT KERN_CSS OWN_CSS TEMPLATE_FOLDER...');
  process.exit(2);
}

// Index just after the string that starts at `at`.
function skipString(css, at) {
  const quote = css[at];
  for (at += 1; at < css.length && css[at] !== quote; at += 1) if (css[at] === '\\') at += 1;
  return at + 1;
}

function withoutComments(css) {
  let out = '';
  for (let at = 0; at < css.length;) {
    if (css[at] === '"' || css[at] === "'") {
      const end = skipString(css, at);
      out += css.slice(at, end);
      at = end;
    } else if (css.startsWith('/*', at)) {
      const end = css.indexOf('*/', at + 2);
      at = end < 0 ? css.length : end + 2;
    } else {
      out += css[at];
      at += 1;
    }
  }
  return out;
}

// Pieces between `separator` outside of strings and brackets.
function splitOutside(text, separator) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (c === '"' || c === "'") at = skipString(text, at) - 1;
    else if (c === '(' || c === '[') depth += 1;
    else if (c === ')' || c === ']') depth -= 1;
    else if (c === separator && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim().replace(/\s+/g, ' ')).filter((part) => part !== '');
}

// [{prelude, rules}] for at-rules with rules inside, [{prelude, declarations}] for the others.
function parse(css) {
  const rules = [];
  for (let at = 0; at < css.length;) {
    let open = at;
    while (open < css.length && css[open] !== '{' && css[open] !== ';') {
      open = css[open] === '"' || css[open] === "'" ? skipString(css, open) : open + 1;
    }
    if (open >= css.length) break;
    const prelude = css.slice(at, open).trim().replace(/\s+/g, ' ');
    if (css[open] === ';') {  // @charset and the like: not needed
      at = open + 1;
      continue;
    }
    let depth = 1;
    let end = open + 1;
    while (end < css.length && depth > 0) {
      if (css[end] === '"' || css[end] === "'") {
        end = skipString(css, end);
        continue;
      }
      if (css[end] === '{') depth += 1;
      if (css[end] === '}') depth -= 1;
      end += 1;
    }
    const body = css.slice(open + 1, end - 1);
    if (/^@(media|supports|layer|container)/.test(prelude)) rules.push({ prelude, rules: parse(body) });
    else rules.push({ prelude, declarations: splitOutside(body, ';') });
    at = end;
  }
  return rules;
}

const ownCss = withoutComments(readFileSync(ownPath, 'utf8'));
const users = folders.flatMap((folder) => readdirSync(folder).sort().map((name) => readFileSync(join(folder, name), 'utf8')));
const usedNames = new Set((users.join('\n') + ownCss).match(/[A-Za-z][\w-]*/g));

function usedSelector(selector) {
  // What stands in :is(), :where() and :not() need not be there.
  let bare = selector;
  for (let before = ''; before !== bare;) {
    before = bare;
    bare = bare.replace(/:(is|where|not)\([^()]*\)/g, '');
  }
  if (bare.includes('[data-kern-theme')) return false;
  return [...bare.matchAll(/\.((?:\\.|[\w-])+)/g)].every(([, name]) => usedNames.has(name));
}

function kept(rules) {
  const out = [];
  for (const rule of rules) {
    if (/^@(font-face|keyframes|property)/.test(rule.prelude)) continue;
    if (rule.rules) {
      const inner = kept(rule.rules);
      if (inner.length > 0) out.push({ ...rule, rules: inner });
      continue;
    }
    const selectors = splitOutside(rule.prelude, ',').filter(usedSelector);
    if (selectors.length > 0) out.push({ ...rule, prelude: selectors.join(',') });
  }
  return out;
}

function eachDeclaration(rules, visit) {
  for (const rule of rules) {
    if (rule.rules) eachDeclaration(rule.rules, visit);
    else rule.declarations.forEach(visit);
  }
}

// Custom properties that something refers to, directly or through another one.
function usedProperties(rules) {
  const used = new Set(ownCss.match(/--[\w-]+/g));
  const uses = new Map();
  eachDeclaration(rules, (declaration) => {
    const refers = (declaration.match(/var\(\s*--[\w-]+/g) ?? []).map((text) => text.replace(/var\(\s*/, ''));
    const [, name] = declaration.match(/^(--[\w-]+)\s*:/) ?? [];
    if (!name) refers.forEach((property) => used.add(property));
    else uses.set(name, [...(uses.get(name) ?? []), ...refers]);
  });
  for (const name of used) (uses.get(name) ?? []).forEach((property) => used.add(property));
  return used;
}

function write(rules, properties) {
  let out = '';
  for (const rule of rules) {
    if (rule.rules) {
      const inner = write(rule.rules, properties);
      if (inner !== '') out += `${rule.prelude}{${inner}}`;
      continue;
    }
    const declarations = rule.declarations
      .filter((text) => !text.startsWith('--') || properties === null || properties.has(text.match(/^--[\w-]+/)[0]))
      .map((text) => text.replace(/^([\w-]+)\s*:\s*/, '$1:'));
    if (declarations.length > 0) out += `${rule.prelude}{${declarations.join(';')}}`;
  }
  return out;
}

const kernCss = withoutComments(readFileSync(kernPath, 'utf8'));
const kern = kept(parse(kernCss));
const own = parse(ownCss);
const notice = '/* KERN UX, EUPL-1.2; Verbund, EUPL-1.2 */\n';
writeFileSync(output, `${notice}${write(kern, usedProperties(kern))}\n${write(own, null)}\n`);
